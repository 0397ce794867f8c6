#include "axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lanczos, C.: Duchon, "Lanczos Filtering in One and Two Dimensions", J. Appl. Meteorology 18 (1979). */
#define LOBES 3.0

static double sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= M_PI;
  return sin(x) / x;
}

static double lanczos(double x) { return fabs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0.0; }

/* The real weights of one wanted sample, normalised; returns how many there are from *first on. */
static uint32_t real_weights(double centre, double scale, uint32_t source_count, uint32_t *first, double *weights) {
  double support = LOBES * scale;
  int64_t low = (int64_t)floor(centre - support + 0.5), high = (int64_t)floor(centre + support + 0.5);
  if (low < 0) low = 0;
  if (high > (int64_t)source_count) high = source_count;
  if (low >= high) { /* beyond the last sample, by rounding: that sample alone */
    low = low >= (int64_t)source_count ? (int64_t)source_count - 1 : low;
    high = low + 1;
  }
  double sum = 0;
  for (int64_t k = low; k < high; k++) sum += weights[k - low] = lanczos(((double)k + 0.5 - centre) / scale);
  if (fabs(sum) < 1e-9) {
    for (int64_t k = low; k < high; k++) weights[k - low] = 1.0 / (double)(high - low);
  } else {
    for (int64_t k = low; k < high; k++) weights[k - low] /= sum;
  }
  *first = (uint32_t)low;
  return (uint32_t)(high - low);
}

/* Rounds to fixed point so that the sum is exactly one: the error goes to the largest weight, where it shows least. */
static void fix(const double *weights, uint32_t count, int32_t shift, int16_t *fixed) {
  int32_t one = 1 << shift, sum = 0;
  uint32_t largest = 0;
  for (uint32_t k = 0; k < count; k++) {
    fixed[k] = (int16_t)lrint(weights[k] * one);
    sum += fixed[k];
    if (fixed[k] > fixed[largest]) largest = k;
  }
  fixed[largest] = (int16_t)(fixed[largest] + one - sum);
}

/* Every wanted sample is the source's own. */
static int32_t make_copy(ic_axis *axis) {
  axis->is_copy = 1;
  axis->taps = 8;
  axis->span = 1;
  axis->shift = 14;
  axis->first = calloc(axis->count, sizeof *axis->first);
  axis->weights = calloc((size_t)axis->count * axis->taps, sizeof *axis->weights);
  if (!axis->first || !axis->weights) {
    ic_axis_free(axis);
    return 0;
  }
  for (uint32_t j = 0; j < axis->count; j++) {
    axis->first[j] = j;
    axis->weights[(size_t)j * axis->taps] = (int16_t)(1 << axis->shift);
  }
  return 1;
}

int32_t ic_axis_make(ic_axis *axis, uint32_t source_count, uint32_t count, double start, double step) {
  memset(axis, 0, sizeof *axis);
  axis->count = count;
  if (start == 0.0 && step == 1.0 && count <= source_count) return make_copy(axis);
  double scale = fabs(step) < 1.0 ? 1.0 : fabs(step);
  uint32_t room = (uint32_t)ceil(2 * LOBES * scale) + 2;
  if (room > source_count) room = source_count;
  axis->taps = (room + 7) & ~7u;
  axis->first = calloc(count, sizeof *axis->first);
  axis->weights = calloc((size_t)count * axis->taps, sizeof *axis->weights);
  double *weights = malloc((size_t)count * room * sizeof *weights);
  uint32_t *used = malloc(count * sizeof *used);
  if (!axis->first || !axis->weights || !weights || !used) {
    free(weights);
    free(used);
    ic_axis_free(axis);
    return 0;
  }
  /* The widest scale at which the largest weight still fits 16 bits: wide filters have small weights, which would drown
   * in rounding at 14 bits. With 20 bits, 255 times the sum of absolute weights stays below 2^31. */
  double largest = 0;
  for (uint32_t j = 0; j < count; j++) {
    const double *row = weights + (size_t)j * room;
    used[j] = real_weights(start + (j + 0.5) * step, scale, source_count, &axis->first[j], weights + (size_t)j * room);
    for (uint32_t k = 0; k < used[j]; k++) largest = fmax(largest, fabs(row[k]));
    if (used[j] > axis->span) axis->span = used[j];
  }
  axis->shift = 14;
  while (axis->shift < 20 && largest * (double)(2 << axis->shift) < 32000.0) axis->shift++;
  for (uint32_t j = 0; j < count; j++)
    fix(weights + (size_t)j * room, used[j], axis->shift, axis->weights + (size_t)j * axis->taps);
  free(weights);
  free(used);
  return 1;
}

void ic_axis_free(ic_axis *axis) {
  free(axis->first);
  free(axis->weights);
  memset(axis, 0, sizeof *axis);
}
