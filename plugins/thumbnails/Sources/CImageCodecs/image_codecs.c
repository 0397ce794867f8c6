#include "image_codecs.h"

#include <stdlib.h>
#include <string.h>

#include "jpeg_read.h"
#include "png_read.h"

static int32_t format_of(const uint8_t *data, size_t size) {
  if (size >= 3 && memcmp(data, "\xFF\xD8\xFF", 3) == 0) return IC_FORMAT_JPEG;
  if (size >= 8 && memcmp(data, "\x89PNG\r\n\x1A\n", 8) == 0) return IC_FORMAT_PNG;
  return 0;
}

int32_t ic_read_header(const uint8_t *data, size_t size, ic_header *header, ic_failure *failure) {
  memset(header, 0, sizeof *header);
  switch (format_of(data, size)) {
    case IC_FORMAT_JPEG: return ic_jpeg_header(data, size, header, failure);
    case IC_FORMAT_PNG: return ic_png_header(data, size, header, failure);
    default: return ic_fail(failure, IC_UNKNOWN_FORMAT, "neither a JPEG nor a PNG");
  }
}

ic_picture *ic_decode(const uint8_t *data, size_t size, const ic_request *request, ic_failure *failure) {
  switch (format_of(data, size)) {
    case IC_FORMAT_JPEG: return ic_jpeg_decode(data, size, request, failure);
    case IC_FORMAT_PNG: return ic_png_decode(data, size, request, failure);
    default: ic_fail(failure, IC_UNKNOWN_FORMAT, "neither a JPEG nor a PNG"); return NULL;
  }
}

int32_t ic_resample_column(const uint8_t *source, uint32_t width, uint32_t count, uint8_t *wanted, uint32_t wanted_count,
                           int32_t use_portable) {
  ic_stretch across = ic_stretch_of(width, width, width, width, 0);
  ic_stretch down = ic_stretch_of(count, count, wanted_count, wanted_count, 0);
  ic_stream stream;
  if (!ic_stream_make(&stream, across, down, 1, use_portable ? &ic_portable_kernels : ic_best_kernels())) {
    ic_stream_free(&stream);
    return IC_NO_MEMORY;
  }
  for (uint32_t y = 0; y < count; y++) {
    memcpy(ic_stream_slot(&stream, 0), source + (size_t)y * width, width);
    ic_stream_commit(&stream, 1);
  }
  for (uint32_t y = 0; y < wanted_count; y++) memcpy(wanted + (size_t)y * width, ic_plane_row(&stream.out[0], y), width);
  ic_stream_free(&stream);
  return IC_OK;
}

int32_t ic_resample_row(const uint8_t *source, uint32_t count, uint8_t *wanted, uint32_t wanted_count, int32_t use_portable) {
  ic_stretch across = ic_stretch_of(count, count, wanted_count, wanted_count, 0), down = ic_stretch_of(1, 1, 1, 1, 0);
  ic_stream stream;
  if (!ic_stream_make(&stream, across, down, 1, use_portable ? &ic_portable_kernels : ic_best_kernels())) {
    ic_stream_free(&stream);
    return IC_NO_MEMORY;
  }
  memcpy(ic_stream_slot(&stream, 0), source, count);
  ic_stream_commit(&stream, 1);
  memcpy(wanted, ic_plane_row(&stream.out[0], 0), wanted_count);
  ic_stream_free(&stream);
  return IC_OK;
}
