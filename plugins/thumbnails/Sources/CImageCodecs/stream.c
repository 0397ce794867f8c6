#include "stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t row_size_of(uint32_t width, int32_t channels, uint32_t taps) {
  return (((size_t)width * (size_t)channels + 63) & ~(size_t)63) + IC_ROW_SLACK + taps;
}

static uint64_t taps_of(ic_stretch stretch) {
  double scale = fabs(stretch.step) < 1 ? 1 : fabs(stretch.step);
  uint64_t taps = (uint64_t)(6 * scale) + 16;
  return taps < stretch.source + 16u ? taps : stretch.source + 16u;
}

uint64_t ic_stream_bytes(ic_stretch across, ic_stretch down, int32_t channels) {
  uint64_t row = row_size_of(across.source, channels, (uint32_t)taps_of(across));
  uint64_t weights = 10 * (taps_of(across) * across.wanted + taps_of(down) * down.wanted);
  uint64_t planes = (uint64_t)channels * ic_plane_bytes(across.wanted, down.wanted);
  return row * (taps_of(down) + IC_STREAM_AHEAD + 2) + weights + planes;
}

int32_t ic_stream_make(ic_stream *stream, ic_stretch across, ic_stretch down, int32_t channels, const ic_kernels *kernels) {
  memset(stream, 0, sizeof *stream);
  stream->kernels = kernels;
  stream->channels = channels;
  stream->source_width = across.source;
  stream->source_height = down.source;
  stream->is_upside_down = down.step < 0;
  if (!ic_axis_make(&stream->across, across.source, across.wanted, across.start, across.step)) return 0;
  if (!ic_axis_make(&stream->down, down.source, down.wanted, down.start, down.step)) return 0;
  stream->capacity = stream->down.span + IC_STREAM_AHEAD;
  stream->row_size = row_size_of(across.source, channels, stream->across.taps);
  /* Zeroed: the kernels read the slack, and what they read there meets a weight of zero. */
  stream->ring = calloc(stream->capacity, stream->row_size);
  stream->window = calloc(stream->down.span, sizeof *stream->window);
  stream->middle = calloc(1, stream->row_size);
  if (!stream->ring || !stream->window || !stream->middle) return 0;
  for (int32_t c = 0; c < channels; c++) {
    if (channels > 1 && !(stream->parts[c] = calloc(1, row_size_of(across.source, 1, stream->across.taps)))) return 0;
    if (!ic_plane_make(&stream->out[c], across.wanted, down.wanted)) return 0;
  }
  return 1;
}

uint8_t *ic_stream_slot(const ic_stream *stream, uint32_t ahead) {
  return stream->ring + (size_t)((stream->arrived + ahead) % stream->capacity) * stream->row_size;
}

static const uint8_t *row_at(const ic_stream *stream, uint32_t y) {
  return stream->ring + (size_t)(y % stream->capacity) * stream->row_size;
}

/* The wanted row that is made next, counted in the order in which the source's rows arrive. */
static uint32_t next_row(const ic_stream *stream) {
  return stream->is_upside_down ? stream->down.count - 1 - stream->made : stream->made;
}

static void make_row(ic_stream *stream, uint32_t y, uint32_t first, uint32_t taps) {
  const ic_kernels *kernels = stream->kernels;
  const uint8_t *middle = row_at(stream, first);
  if (!stream->down.is_copy) {
    for (uint32_t k = 0; k < taps; k++) stream->window[k] = row_at(stream, first + k);
    const int16_t *weights = stream->down.weights + (size_t)y * stream->down.taps;
    size_t width = (size_t)stream->source_width * (size_t)stream->channels;
    kernels->down(stream->middle, stream->window, weights, taps, stream->down.shift, width);
    middle = stream->middle;
  }
  if (stream->channels > 1) kernels->split(stream->parts, middle, stream->channels, stream->source_width);
  for (int32_t c = 0; c < stream->channels; c++) {
    const uint8_t *part = stream->channels > 1 ? stream->parts[c] : middle;
    uint8_t *out = ic_plane_row(&stream->out[c], y);
    if (stream->across.is_copy)
      memcpy(out, part, stream->across.count);
    else
      kernels->across(out, part, stream->across.first, stream->across.weights, stream->across.taps, stream->across.shift,
                      stream->across.count);
  }
}

void ic_stream_commit(ic_stream *stream, uint32_t rows) {
  uint32_t left = stream->source_height - stream->arrived;
  stream->arrived += rows < left ? rows : left;
  while (stream->made < stream->down.count) {
    uint32_t y = next_row(stream), first = stream->down.first[y], last = first + stream->down.span;
    if (last > stream->source_height) last = stream->source_height;
    if (last > stream->arrived) return;
    make_row(stream, y, first, last - first);
    stream->made++;
  }
}

void ic_stream_take(ic_stream *stream, ic_plane *planes) {
  for (int32_t c = 0; c < stream->channels; c++) {
    planes[c] = stream->out[c];
    memset(&stream->out[c], 0, sizeof stream->out[c]);
  }
  ic_stream_free(stream);
}

void ic_stream_free(ic_stream *stream) {
  ic_axis_free(&stream->across);
  ic_axis_free(&stream->down);
  free(stream->ring);
  free(stream->window);
  free(stream->middle);
  for (int32_t c = 0; c < 4; c++) {
    free(stream->parts[c]);
    ic_plane_free(&stream->out[c]);
  }
  memset(stream, 0, sizeof *stream);
}
