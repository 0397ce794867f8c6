/* png_chunks.h: a walk over the chunks of a PNG (3rd edition, section 5.3). */
#ifndef IC_PNG_CHUNKS_H
#define IC_PNG_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

/* One chunk. The file's bytes; valid as long as they. */
typedef struct ic_png_chunk {
  const uint8_t *type; /* 4 bytes */
  const uint8_t *body;
  uint32_t size;       /* of the body, as the chunk says */
  int32_t is_whole;    /* 0: the file ends inside of it */
} ic_png_chunk;

/* The chunk at *at, which starts as IC_PNG_FIRST_CHUNK and moves on. 0 after the last one. */
#define IC_PNG_FIRST_CHUNK 8u
int32_t ic_png_next_chunk(const uint8_t *data, size_t size, size_t *at, ic_png_chunk *chunk);

/* Whether a whole chunk's checksum fits. */
int32_t ic_png_chunk_is_sound(const ic_png_chunk *chunk);

#endif
