// Little-endian buffers and readers, and what makes a plugin's bytes acceptable.

#include "bytes.h"
#include "host.h"

#include <endian.h>
#include <stdlib.h>

void *host_alloc(size_t size) {
  void *memory = calloc(1, size);
  if (!memory) die(EXIT_NO_MEMORY, "no memory for %zu bytes in the host itself", size);
  return memory;
}

void buffer_free(struct buffer *buffer) {
  free(buffer->data);
  *buffer = (struct buffer){0};
}

static uint8_t *grow(struct buffer *buffer, size_t more) {
  size_t need = buffer->size + more;
  if (need > buffer->capacity) {
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 256;
    while (capacity < need) capacity *= 2;
    uint8_t *data = realloc(buffer->data, capacity);
    if (!data) die(EXIT_NO_MEMORY, "no memory for %zu bytes in the host itself", capacity);
    buffer->data = data;
    buffer->capacity = capacity;
  }
  uint8_t *end = buffer->data + buffer->size;
  buffer->size = need;
  return end;
}

void put_raw(struct buffer *to, const void *data, size_t size) {
  if (size) memcpy(grow(to, size), data, size);
}

void put_u16(struct buffer *to, uint16_t value) {
  value = htole16(value);
  memcpy(grow(to, sizeof value), &value, sizeof value);
}

void put_u32(struct buffer *to, uint32_t value) {
  value = htole32(value);
  memcpy(grow(to, sizeof value), &value, sizeof value);
}

void put_u64(struct buffer *to, uint64_t value) {
  value = htole64(value);
  memcpy(grow(to, sizeof value), &value, sizeof value);
}

void put_str(struct buffer *to, carillon_bytes text) {
  put_u32(to, (uint32_t)text.size);
  put_raw(to, text.data, text.size);
}

void set_u32(struct buffer *in, size_t offset, uint32_t value) {
  value = htole32(value);
  memcpy(in->data + offset, &value, sizeof value);
}

carillon_bytes get_raw(struct reader *from, uint64_t size) {
  if (from->broken || size > (uint64_t)(from->end - from->at)) {
    from->broken = true;
    return (carillon_bytes){0};
  }
  carillon_bytes found = {.data = (const char *)from->at, .size = size};
  from->at += size;
  return found;
}

uint32_t get_u32(struct reader *from) {
  uint32_t value = 0;
  carillon_bytes raw = get_raw(from, sizeof value);
  if (raw.data) memcpy(&value, raw.data, sizeof value);
  return le32toh(value);
}

uint64_t get_u64(struct reader *from) {
  uint64_t value = 0;
  carillon_bytes raw = get_raw(from, sizeof value);
  if (raw.data) memcpy(&value, raw.data, sizeof value);
  return le64toh(value);
}

carillon_bytes get_str(struct reader *from) { return get_raw(from, get_u32(from)); }

bool reader_done(const struct reader *reader) { return !reader->broken && reader->at == reader->end; }

carillon_bytes text(const char *terminated) {
  return (carillon_bytes){.data = terminated, .size = strlen(terminated)};
}

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
static bool is_utf8(const uint8_t *at, const uint8_t *end) {
  while (at < end) {
    uint8_t lead = *at++;
    if (lead < 0x80) continue;
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || end - at < more) return false;
    if ((lead == 0xe0 && *at < 0xa0) || (lead == 0xed && *at > 0x9f)) return false;
    if ((lead == 0xf0 && *at < 0x90) || (lead == 0xf4 && *at > 0x8f)) return false;
    for (; more > 0; more--)
      if ((*at++ & 0xc0) != 0x80) return false;
  }
  return true;
}

bool is_name(carillon_bytes bytes, uint64_t limit) {
  return bytes.data && bytes.size > 0 && bytes.size <= limit && !memchr(bytes.data, 0, bytes.size) &&
         is_utf8((const uint8_t *)bytes.data, (const uint8_t *)bytes.data + bytes.size);
}

carillon_bytes cut(carillon_bytes text, uint64_t limit) {
  if (!readable(text)) return (carillon_bytes){0};
  if (text.size <= limit) return text;
  // A byte of the form 10xxxxxx goes on with a character that began before it; one has at most three of them.
  uint64_t size = limit;
  while (size > 0 && limit - size < 3 && ((uint8_t)text.data[size] & 0xc0) == 0x80) size--;
  return (carillon_bytes){.data = text.data, .size = size};
}
