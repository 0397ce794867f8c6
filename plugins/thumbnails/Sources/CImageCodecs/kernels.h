/* kernels.h: the inner loops, in plain C and for AVX2. Both give the same bytes. */
#ifndef IC_KERNELS_H
#define IC_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Rows given to the kernels may be read and written in whole vectors: this many bytes past their end belong to them. */
#define IC_ROW_SLACK 64u

typedef struct ic_kernels {
  /* out[x] = sum over k of weights[k] * rows[k][x], for x < width. Rows and `out` have the slack. `taps` is at least 1. */
  void (*down)(uint8_t *out, const uint8_t *const *rows, const int16_t *weights, uint32_t taps, int32_t shift, size_t width);
  /* out[j] = sum over k < taps of weights[j * taps + k] * row[first[j] + k]; `taps` is a multiple of 8, `row` has the slack
   * and `taps` more bytes past its end. Writes exactly `count` bytes. */
  void (*across)(uint8_t *out, const uint8_t *row, const uint32_t *first, const int16_t *weights, uint32_t taps, int32_t shift,
                 uint32_t count);
  /* Takes `channels` (3 or 4) interleaved channels apart. */
  void (*split)(uint8_t *const *out, const uint8_t *row, int32_t channels, uint32_t width);
  /* R, G, B to Y, Cb, Cr (JFIF 1.02), in place allowed. */
  void (*to_ycc)(uint8_t *y, uint8_t *cb, uint8_t *cr, const uint8_t *r, const uint8_t *g, const uint8_t *b, uint32_t width);
  /* RGBA or GA to RGB or G over a background of `colours` (1 or 3) samples. */
  void (*flatten)(uint8_t *out, const uint8_t *row, int32_t colours, const uint8_t *background, uint32_t width);
  /* out[x] = mean of the 2 by 2 samples at 2x. The rows have 2 * width samples. */
  void (*halve)(uint8_t *out, const uint8_t *upper, const uint8_t *lower, uint32_t width);
} ic_kernels;

extern const ic_kernels ic_portable_kernels;

/* The fastest that this processor runs. */
const ic_kernels *ic_best_kernels(void);

#endif
