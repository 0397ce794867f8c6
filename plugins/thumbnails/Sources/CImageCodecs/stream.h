/* stream.h: resamples an image while its rows arrive, holding only as many of them as the filter spans. */
#ifndef IC_STREAM_H
#define IC_STREAM_H

#include "axis.h"
#include "kernels.h"
#include "plane.h"

/* One dimension of the work: see ic_axis_make. */
typedef struct ic_stretch {
  uint32_t source, wanted; /* samples */
  double start, step;
} ic_stretch;

/* The most rows that may be written ahead of a commit: 4 blocks of 16, what a JPEG's row of MCUs can hold at most. */
#define IC_STREAM_AHEAD 64u

typedef struct ic_stream {
  const ic_kernels *kernels;
  ic_axis across, down;
  int32_t channels; /* interleaved in the arriving rows */
  int32_t is_upside_down;
  uint32_t source_width, source_height;
  uint32_t capacity; /* rows in the ring */
  size_t row_size;   /* bytes from one to the next */
  uint8_t *ring;
  const uint8_t **window; /* the rows under the filter */
  uint8_t *middle;        /* a row after the vertical pass, and its channels apart */
  uint8_t *parts[4];
  uint32_t arrived, made; /* rows */
  ic_plane out[4];        /* one plane a channel */
} ic_stream;

/* Memory that a stream of that shape takes, in bytes. */
uint64_t ic_stream_bytes(ic_stretch across, ic_stretch down, int32_t channels);

/* 0 when memory is short. ic_stream_free is right in either case, and on a zeroed stream. */
int32_t ic_stream_make(ic_stream *stream, ic_stretch across, ic_stretch down, int32_t channels, const ic_kernels *kernels);

/* Where the row after `ahead` uncommitted ones (fewer than IC_STREAM_AHEAD) is to be written. */
uint8_t *ic_stream_slot(const ic_stream *stream, uint32_t ahead);

/* Takes `rows` rows that were written to slots; those past the source's height are ignored. */
void ic_stream_commit(ic_stream *stream, uint32_t rows);

/* Gives the finished planes away and frees the rest. */
void ic_stream_take(ic_stream *stream, ic_plane *planes);

void ic_stream_free(ic_stream *stream);

#endif
