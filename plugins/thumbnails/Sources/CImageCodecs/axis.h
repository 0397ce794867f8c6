/* axis.h: the weights that resample one dimension. */
#ifndef IC_AXIS_H
#define IC_AXIS_H

#include <stdint.h>

/* How each of `count` wanted samples is made: sample j is the sum over k < taps of weights[j * taps + k] times source sample
 * first[j] + k, shifted right by `shift` with rounding. Weights past the source's end are zero. */
typedef struct ic_axis {
  uint32_t count;
  uint32_t taps;     /* a multiple of 8 */
  uint32_t span;     /* the most taps that are not padding; at most `taps` */
  int32_t shift;     /* fraction bits of the weights */
  int32_t is_copy;   /* 1: every wanted sample is the source sample of its index */
  uint32_t *first;
  int16_t *weights;
} ic_axis;

/* Fills in the axis: the centre of wanted sample j lies at start + (j + 0.5) * step in units of source samples. A negative
 * step mirrors. |step| below 1 would enlarge and is taken as 1 for the filter's width. Returns 0 when memory is short. */
int32_t ic_axis_make(ic_axis *axis, uint32_t source_count, uint32_t count, double start, double step);

void ic_axis_free(ic_axis *axis);

#endif
