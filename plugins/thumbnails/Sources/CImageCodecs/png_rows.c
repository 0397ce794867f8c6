#include "png_rows.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "png_chunks.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

uint64_t ic_png_rows_bytes(size_t row_size, uint32_t height, size_t file_size) {
  return ((uint64_t)row_size + 1) * height + file_size;
}

/* Copies the contents of all IDAT chunks behind each other. */
static int32_t gather(const uint8_t *data, size_t size, uint8_t *packed, size_t *packed_size, ic_failure *failure) {
  size_t at = IC_PNG_FIRST_CHUNK;
  ic_png_chunk chunk;
  *packed_size = 0;
  while (ic_png_next_chunk(data, size, &at, &chunk)) {
    if (memcmp(chunk.type, "IDAT", 4) != 0) {
      if (*packed_size > 0) break; /* they stand together */
      continue;
    }
    if (!chunk.is_whole) return ic_fail(failure, IC_TRUNCATED, "IDAT: the data ends early");
    if (!ic_png_chunk_is_sound(&chunk)) return ic_fail(failure, IC_CORRUPT, "IDAT: CRC error");
    memcpy(packed + *packed_size, chunk.body, chunk.size);
    *packed_size += chunk.size;
  }
  return IC_OK;
}

static int32_t unpack(const uint8_t *packed, size_t packed_size, uint8_t *rows, size_t rows_size, ic_failure *failure) {
  struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
  if (!decompressor) return ic_fail(failure, IC_NO_MEMORY, "no memory to decode the image");
  size_t filled = 0;
  enum libdeflate_result result = libdeflate_zlib_decompress(decompressor, packed, packed_size, rows, rows_size, &filled);
  libdeflate_free_decompressor(decompressor);
  if (result == LIBDEFLATE_SUCCESS && filled == rows_size) return IC_OK;
  if (result == LIBDEFLATE_SUCCESS || result == LIBDEFLATE_SHORT_OUTPUT)
    return ic_fail(failure, IC_TRUNCATED, "Not enough image data");
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return ic_fail(failure, IC_CORRUPT, "Too much image data");
  return ic_fail(failure, IC_CORRUPT, "IDAT: invalid compressed data");
}

static inline int32_t distance(int32_t a, int32_t b) { return a < b ? b - a : a - b; }

static inline uint8_t paeth(int32_t left, int32_t above, int32_t corner) {
  int32_t guess = left + above - corner;
  int32_t to_left = distance(guess, left), to_above = distance(guess, above), to_corner = distance(guess, corner);
  return (uint8_t)(to_left <= to_above && to_left <= to_corner ? left : to_above <= to_corner ? above : corner);
}

/* Bytes past the rows that may be read. */
#define LOAD_SLACK 4u

#if defined(__SSE2__)

#define INLINE static inline __attribute__((always_inline))

/* A pixel's channels side by side. Of three channels the fourth byte is the next pixel's: it stays in its lane, and stores
 * leave it out. */
static inline __m128i load_pixel(const uint8_t *at) {
  int32_t bytes;
  memcpy(&bytes, at, sizeof bytes);
  return _mm_cvtsi32_si128(bytes);
}

static inline void store_pixel(uint8_t *at, __m128i pixel, int32_t channels) {
  uint32_t bytes = (uint32_t)_mm_cvtsi128_si32(pixel);
  memcpy(at, &bytes, channels == 3 ? 3 : 4);
}

static inline __m128i absolute(__m128i x) { return _mm_max_epi16(x, _mm_sub_epi16(_mm_setzero_si128(), x)); }

static inline __m128i choose(__m128i mask, __m128i yes, __m128i no) {
  return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

INLINE void paeth_row(uint8_t *row, const uint8_t *above, size_t size, int32_t channels) {
  const __m128i zero = _mm_setzero_si128();
  __m128i left = zero, corner = zero;
  for (size_t x = 0; x < size; x += (size_t)channels) {
    __m128i up = _mm_unpacklo_epi8(load_pixel(above + x), zero);
    __m128i to_left = _mm_sub_epi16(up, corner), to_up = _mm_sub_epi16(left, corner);
    __m128i to_corner = absolute(_mm_add_epi16(to_left, to_up));
    to_left = absolute(to_left);
    to_up = absolute(to_up);
    __m128i least = _mm_min_epi16(to_corner, _mm_min_epi16(to_left, to_up));
    __m128i guess = choose(_mm_cmpeq_epi16(least, to_left), left, choose(_mm_cmpeq_epi16(least, to_up), up, corner));
    __m128i pixel = _mm_add_epi8(load_pixel(row + x), _mm_packus_epi16(guess, guess));
    store_pixel(row + x, pixel, channels);
    corner = up;
    left = _mm_unpacklo_epi8(pixel, zero);
  }
}

INLINE void sub_row(uint8_t *row, size_t size, int32_t channels) {
  __m128i left = _mm_setzero_si128();
  for (size_t x = 0; x < size; x += (size_t)channels) {
    left = _mm_add_epi8(left, load_pixel(row + x));
    store_pixel(row + x, left, channels);
  }
}

INLINE void average_row(uint8_t *row, const uint8_t *above, size_t size, int32_t channels) {
  const __m128i one = _mm_set1_epi8(1);
  __m128i left = _mm_setzero_si128();
  for (size_t x = 0; x < size; x += (size_t)channels) {
    __m128i up = load_pixel(above + x);
    /* pavgb rounds up; PNG rounds down */
    __m128i mean = _mm_sub_epi8(_mm_avg_epu8(left, up), _mm_and_si128(_mm_xor_si128(left, up), one));
    left = _mm_add_epi8(mean, load_pixel(row + x));
    store_pixel(row + x, left, channels);
  }
}

/* 1 when the row was done. */
static int32_t unfilter_fast(uint8_t filter, uint8_t *row, const uint8_t *above, size_t size, int32_t channels) {
  if (channels != 3 && channels != 4) return 0;
  switch (filter) {
    case 1: channels == 3 ? sub_row(row, size, 3) : sub_row(row, size, 4); return 1;
    case 3: channels == 3 ? average_row(row, above, size, 3) : average_row(row, above, size, 4); return 1;
    case 4: channels == 3 ? paeth_row(row, above, size, 3) : paeth_row(row, above, size, 4); return 1;
    default: return 0;
  }
}

#else

static int32_t unfilter_fast(uint8_t filter, uint8_t *row, const uint8_t *above, size_t size, int32_t channels) { return 0; }

#endif

/* PNG 3rd edition, section 9.2. `above` is a row of zeros for the first row. 0 for an unknown filter. */
static int32_t unfilter(uint8_t filter, uint8_t *row, const uint8_t *above, size_t size, int32_t channels) {
  if (unfilter_fast(filter, row, above, size, channels)) return 1;
  size_t step = (size_t)channels;
  switch (filter) {
    case 0: return 1;
    case 1:
      for (size_t x = step; x < size; x++) row[x] = (uint8_t)(row[x] + row[x - step]);
      return 1;
    case 2:
      for (size_t x = 0; x < size; x++) row[x] = (uint8_t)(row[x] + above[x]);
      return 1;
    case 3:
      for (size_t x = 0; x < size; x++) row[x] = (uint8_t)(row[x] + ((x < step ? 0 : row[x - step]) + above[x]) / 2);
      return 1;
    case 4:
      for (size_t x = 0; x < size; x++)
        row[x] = (uint8_t)(row[x] + (x < step ? above[x] : paeth(row[x - step], above[x], above[x - step])));
      return 1;
    default: return 0;
  }
}

static int32_t hand_over(uint8_t *rows, size_t row_size, uint32_t height, int32_t channels,
                         void (*take)(void *context, const uint8_t *row), void *context, ic_failure *failure) {
  uint8_t *zeros = calloc(1, row_size + LOAD_SLACK);
  if (!zeros) return ic_fail(failure, IC_NO_MEMORY, "no memory to decode the image");
  const uint8_t *above = zeros;
  int32_t code = IC_OK;
  for (uint32_t y = 0; y < height && code == IC_OK; y++) {
    uint8_t *row = rows + (row_size + 1) * y;
    if (unfilter(row[0], row + 1, above, row_size, channels))
      take(context, row + 1);
    else
      code = ic_fail(failure, IC_CORRUPT, "bad adaptive filter value");
    above = row + 1;
  }
  free(zeros);
  return code;
}

int32_t ic_png_rows(const uint8_t *data, size_t size, size_t row_size, uint32_t height, int32_t channels,
                    void (*take)(void *context, const uint8_t *row), void *context, ic_failure *failure) {
  size_t rows_size = (row_size + 1) * height, packed_size = 0;
  uint8_t *packed = malloc(size), *rows = malloc(rows_size + LOAD_SLACK);
  int32_t code = packed && rows ? gather(data, size, packed, &packed_size, failure)
                                : ic_fail(failure, IC_NO_MEMORY, "no memory to decode the image");
  if (code == IC_OK) code = unpack(packed, packed_size, rows, rows_size, failure);
  free(packed);
  if (code == IC_OK) code = hand_over(rows, row_size, height, channels, take, context, failure);
  free(rows);
  return code;
}
