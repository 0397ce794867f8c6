#include "png_chunks.h"

#include <libdeflate.h>

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

int32_t ic_png_next_chunk(const uint8_t *data, size_t size, size_t *at, ic_png_chunk *chunk) {
  if (*at > size || size - *at < 12) return 0;
  chunk->size = big_endian(data + *at);
  chunk->type = data + *at + 4;
  chunk->body = data + *at + 8;
  chunk->is_whole = chunk->size <= size - *at - 12;
  *at = chunk->is_whole ? *at + 12 + chunk->size : size;
  return 1;
}

int32_t ic_png_chunk_is_sound(const ic_png_chunk *chunk) {
  return libdeflate_crc32(0, chunk->type, (size_t)chunk->size + 4) == big_endian(chunk->body + chunk->size);
}
