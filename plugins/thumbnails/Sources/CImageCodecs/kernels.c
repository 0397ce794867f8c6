#include "kernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))
#endif

/* The simple loops are written once and compiled twice, so that the compiler vectorises them for each processor. */
#define INLINE static inline __attribute__((always_inline))

INLINE uint8_t clamp(int32_t value) { return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value; }

INLINE void split_body(uint8_t *const *out, const uint8_t *row, int32_t channels, uint32_t width) {
  uint8_t *restrict a = out[0], *restrict b = out[1], *restrict c = out[2];
  if (channels == 3) {
    for (uint32_t x = 0; x < width; x++) a[x] = row[3 * x], b[x] = row[3 * x + 1], c[x] = row[3 * x + 2];
  } else {
    uint8_t *restrict d = out[3];
    for (uint32_t x = 0; x < width; x++)
      a[x] = row[4 * x], b[x] = row[4 * x + 1], c[x] = row[4 * x + 2], d[x] = row[4 * x + 3];
  }
}

/* 16 fraction bits; the constants of each line sum to 65536 or to 0. */
INLINE void to_ycc_body(uint8_t *y, uint8_t *cb, uint8_t *cr, const uint8_t *r, const uint8_t *g, const uint8_t *b,
                        uint32_t width) {
  for (uint32_t x = 0; x < width; x++) {
    int32_t red = r[x], green = g[x], blue = b[x];
    y[x] = (uint8_t)((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
    cb[x] = clamp((-11059 * red - 21709 * green + 32768 * blue + (128 << 16) + 32767) >> 16);
    cr[x] = clamp((32768 * red - 27439 * green - 5329 * blue + (128 << 16) + 32767) >> 16);
  }
}

/* Rounded division by 255 of a value below 65536. */
INLINE uint8_t over_255(uint32_t value) { return (uint8_t)((value + 128 + ((value + 128) >> 8)) >> 8); }

INLINE void flatten_body(uint8_t *restrict out, const uint8_t *restrict row, int32_t colours, const uint8_t *background,
                         uint32_t width) {
  if (colours == 1) {
    uint32_t under = background[0];
    for (uint32_t x = 0; x < width; x++) {
      uint32_t alpha = row[2 * x + 1];
      out[x] = over_255(row[2 * x] * alpha + under * (255 - alpha));
    }
    return;
  }
  uint32_t red = background[0], green = background[1], blue = background[2];
  for (uint32_t x = 0; x < width; x++) {
    uint32_t alpha = row[4 * x + 3], rest = 255 - alpha;
    out[3 * x] = over_255(row[4 * x] * alpha + red * rest);
    out[3 * x + 1] = over_255(row[4 * x + 1] * alpha + green * rest);
    out[3 * x + 2] = over_255(row[4 * x + 2] * alpha + blue * rest);
  }
}

INLINE void halve_body(uint8_t *restrict out, const uint8_t *restrict upper, const uint8_t *restrict lower, uint32_t width) {
  for (uint32_t x = 0; x < width; x++)
    out[x] = (uint8_t)((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
}

static void down_plain(uint8_t *out, const uint8_t *const *rows, const int16_t *weights, uint32_t taps, int32_t shift,
                       size_t width) {
  enum { BLOCK = 256 };
  int32_t sums[BLOCK], half = 1 << (shift - 1);
  for (size_t from = 0; from < width; from += BLOCK) {
    size_t count = width - from < BLOCK ? width - from : BLOCK;
    for (size_t x = 0; x < count; x++) sums[x] = half;
    for (uint32_t k = 0; k < taps; k++) {
      const uint8_t *row = rows[k] + from;
      int32_t weight = weights[k];
      for (size_t x = 0; x < count; x++) sums[x] += weight * row[x];
    }
    for (size_t x = 0; x < count; x++) out[from + x] = clamp(sums[x] >> shift);
  }
}

static void across_plain(uint8_t *out, const uint8_t *row, const uint32_t *first, const int16_t *weights, uint32_t taps,
                         int32_t shift, uint32_t count) {
  for (uint32_t j = 0; j < count; j++) {
    const uint8_t *source = row + first[j];
    const int16_t *weight = weights + (size_t)j * taps;
    int32_t sum = 1 << (shift - 1);
    for (uint32_t k = 0; k < taps; k++) sum += weight[k] * source[k];
    out[j] = clamp(sum >> shift);
  }
}

static void split_plain(uint8_t *const *out, const uint8_t *row, int32_t channels, uint32_t width) {
  split_body(out, row, channels, width);
}

static void to_ycc_plain(uint8_t *y, uint8_t *cb, uint8_t *cr, const uint8_t *r, const uint8_t *g, const uint8_t *b,
                         uint32_t width) {
  to_ycc_body(y, cb, cr, r, g, b, width);
}

static void flatten_plain(uint8_t *out, const uint8_t *row, int32_t colours, const uint8_t *background, uint32_t width) {
  flatten_body(out, row, colours, background, width);
}

static void halve_plain(uint8_t *out, const uint8_t *upper, const uint8_t *lower, uint32_t width) {
  halve_body(out, upper, lower, width);
}

const ic_kernels ic_portable_kernels = {
    .down = down_plain,
    .across = across_plain,
    .split = split_plain,
    .to_ycc = to_ycc_plain,
    .flatten = flatten_plain,
    .halve = halve_plain,
};

#if defined(__x86_64__)

/* Two rows at a time: their bytes side by side, so that one multiply-add takes both. 32 samples a turn. */
AVX2 static void down_avx2(uint8_t *out, const uint8_t *const *rows, const int16_t *weights, uint32_t taps, int32_t shift,
                           size_t width) {
  const __m256i zero = _mm256_setzero_si256(), half = _mm256_set1_epi32(1 << (shift - 1));
  const __m128i by = _mm_cvtsi32_si128(shift);
  for (size_t x = 0; x < width; x += 32) {
    __m256i a = half, b = half, c = half, d = half;
    for (uint32_t k = 0; k < taps; k += 2) {
      int has_second = k + 1 < taps;
      __m256i upper = _mm256_loadu_si256((const __m256i *)(const void *)(rows[k] + x));
      __m256i lower = has_second ? _mm256_loadu_si256((const __m256i *)(const void *)(rows[k + 1] + x)) : zero;
      uint32_t pair = (uint16_t)weights[k] | (has_second ? (uint32_t)(uint16_t)weights[k + 1] << 16 : 0);
      __m256i weight = _mm256_set1_epi32((int32_t)pair);
      __m256i low = _mm256_unpacklo_epi8(upper, lower), high = _mm256_unpackhi_epi8(upper, lower);
      a = _mm256_add_epi32(a, _mm256_madd_epi16(_mm256_unpacklo_epi8(low, zero), weight));
      b = _mm256_add_epi32(b, _mm256_madd_epi16(_mm256_unpackhi_epi8(low, zero), weight));
      c = _mm256_add_epi32(c, _mm256_madd_epi16(_mm256_unpacklo_epi8(high, zero), weight));
      d = _mm256_add_epi32(d, _mm256_madd_epi16(_mm256_unpackhi_epi8(high, zero), weight));
    }
    __m256i ab = _mm256_packs_epi32(_mm256_sra_epi32(a, by), _mm256_sra_epi32(b, by));
    __m256i cd = _mm256_packs_epi32(_mm256_sra_epi32(c, by), _mm256_sra_epi32(d, by));
    _mm256_storeu_si256((__m256i *)(void *)(out + x), _mm256_packus_epi16(ab, cd));
  }
}

/* Four partial sums of one wanted sample. */
AVX2 static inline __m128i across_one(const uint8_t *source, const int16_t *weight, uint32_t taps) {
  __m256i sum = _mm256_setzero_si256();
  uint32_t k = 0;
  for (; k + 16 <= taps; k += 16) {
    __m256i samples = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(const void *)(source + k)));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(samples, _mm256_loadu_si256((const __m256i *)(const void *)(weight + k))));
  }
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  if (k < taps) {
    __m128i samples = _mm_cvtepu8_epi16(_mm_loadl_epi64((const __m128i *)(const void *)(source + k)));
    four = _mm_add_epi32(four, _mm_madd_epi16(samples, _mm_loadu_si128((const __m128i *)(const void *)(weight + k))));
  }
  return four;
}

AVX2 static void across_avx2(uint8_t *out, const uint8_t *row, const uint32_t *first, const int16_t *weights, uint32_t taps,
                             int32_t shift, uint32_t count) {
  const __m128i half = _mm_set1_epi32(1 << (shift - 1)), by = _mm_cvtsi32_si128(shift);
  for (uint32_t j = 0; j < count; j += 4) {
    __m128i sums[4];
    for (uint32_t i = 0; i < 4; i++) {
      uint32_t at = j + i < count ? j + i : count - 1;
      sums[i] = across_one(row + first[at], weights + (size_t)at * taps, taps);
    }
    __m128i four = _mm_hadd_epi32(_mm_hadd_epi32(sums[0], sums[1]), _mm_hadd_epi32(sums[2], sums[3]));
    four = _mm_sra_epi32(_mm_add_epi32(four, half), by);
    four = _mm_packus_epi16(_mm_packs_epi32(four, four), four);
    uint32_t bytes = (uint32_t)_mm_cvtsi128_si32(four);
    memcpy(out + j, &bytes, count - j < 4 ? count - j : 4);
  }
}

AVX2 static void split_avx2(uint8_t *const *out, const uint8_t *row, int32_t channels, uint32_t width) {
  split_body(out, row, channels, width);
}

AVX2 static void to_ycc_avx2(uint8_t *y, uint8_t *cb, uint8_t *cr, const uint8_t *r, const uint8_t *g, const uint8_t *b,
                             uint32_t width) {
  to_ycc_body(y, cb, cr, r, g, b, width);
}

AVX2 static void flatten_avx2(uint8_t *out, const uint8_t *row, int32_t colours, const uint8_t *background, uint32_t width) {
  flatten_body(out, row, colours, background, width);
}

AVX2 static void halve_avx2(uint8_t *out, const uint8_t *upper, const uint8_t *lower, uint32_t width) {
  halve_body(out, upper, lower, width);
}

static const ic_kernels avx2_kernels = {
    .down = down_avx2,
    .across = across_avx2,
    .split = split_avx2,
    .to_ycc = to_ycc_avx2,
    .flatten = flatten_avx2,
    .halve = halve_avx2,
};

const ic_kernels *ic_best_kernels(void) { return __builtin_cpu_supports("avx2") ? &avx2_kernels : &ic_portable_kernels; }

#else

const ic_kernels *ic_best_kernels(void) { return &ic_portable_kernels; }

#endif
