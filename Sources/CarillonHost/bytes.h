// The bodies of frames: how they are put together and taken apart, little-endian whatever the machine.

#ifndef CARILLON_HOST_BYTES_H
#define CARILLON_HOST_BYTES_H

#include "carillon_plugin.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A body that grows. Zeroed: empty.
struct buffer {
  uint8_t *data;
  size_t size, capacity;
};

void buffer_free(struct buffer *buffer);
void put_raw(struct buffer *to, const void *data, size_t size);
void put_u16(struct buffer *to, uint16_t value);
void put_u32(struct buffer *to, uint32_t value);
void put_u64(struct buffer *to, uint64_t value);
void put_str(struct buffer *to, carillon_bytes text); // its length, then itself
void set_u32(struct buffer *in, size_t offset, uint32_t value);

// A body being read. Past its end everything reads as zero and `broken` stays set: check once, at the end.
struct reader {
  const uint8_t *at, *end;
  bool broken;
};

carillon_bytes get_raw(struct reader *from, uint64_t size); // points into the body
uint32_t get_u32(struct reader *from);
uint64_t get_u64(struct reader *from);
carillon_bytes get_str(struct reader *from);
bool reader_done(const struct reader *reader); // whole, and nothing left over

// Memory, zeroed, or the end of the process: without memory a host can keep no promise.
void *host_alloc(size_t size);

carillon_bytes text(const char *terminated);

// Whether a plugin's bytes can be read at all: NULL stands only for emptiness.
static inline bool readable(carillon_bytes bytes) { return bytes.size == 0 || bytes.data != NULL; }

// Readable, not empty, within `limit`, and free of NUL bytes: what a key or a name must be.
bool is_name(carillon_bytes bytes, uint64_t limit);

// The longest beginning within `limit` that ends between two characters.
carillon_bytes cut(carillon_bytes text, uint64_t limit);

// Copies a struct from the other side: the fields that both sides know; the rest is zero.
static inline void take_struct(void *to, size_t known, const void *from, uint32_t filled) {
  memset(to, 0, known);
  memcpy(to, from, filled < known ? filled : known);
}

#endif
