#include "picture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"

int32_t ic_fail(ic_failure *failure, int32_t code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  failure->code = code;
  vsnprintf(failure->message, sizeof failure->message, format, arguments);
  va_end(arguments);
  return code;
}

ic_turn ic_turn_of(int32_t orientation) {
  static const ic_turn turns[9] = {{0, 0, 0}, {0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                                   {0, 0, 1}, {0, 1, 1}, {1, 1, 1}, {1, 0, 1}};
  return turns[orientation >= 1 && orientation <= 8 ? orientation : 1];
}

ic_stretch ic_stretch_of(uint32_t source, double length, uint32_t wanted, double wanted_length, int32_t is_mirrored) {
  double step = length / wanted_length;
  ic_stretch stretch = {source, wanted, is_mirrored ? length : 0, is_mirrored ? -step : step};
  return stretch;
}

uint64_t ic_finish_bytes(const ic_request *request) { return 2 * (uint64_t)ic_plane_bytes(request->width, request->height); }

static int32_t halve_plane(ic_plane *plane) {
  ic_plane half;
  if (!ic_plane_make(&half, (plane->width + 1) / 2, (plane->height + 1) / 2)) return 0;
  ic_plane_pad(plane);
  const ic_kernels *kernels = ic_best_kernels();
  for (uint32_t y = 0; y < half.height; y++) {
    uint32_t lower = 2 * y + 1 < plane->height ? 2 * y + 1 : 2 * y;
    kernels->halve(ic_plane_row(&half, y), ic_plane_row(plane, 2 * y), ic_plane_row(plane, lower), half.width);
  }
  ic_plane_free(plane);
  *plane = half;
  return 1;
}

static void colours_to_ycc(ic_plane planes[4]) {
  const ic_kernels *kernels = ic_best_kernels();
  for (uint32_t y = 0; y < planes[0].height; y++) {
    uint8_t *a = ic_plane_row(&planes[0], y), *b = ic_plane_row(&planes[1], y), *c = ic_plane_row(&planes[2], y);
    kernels->to_ycc(a, b, c, a, b, c, planes[0].width);
  }
}

/* Transposes, converts and halves in place. */
static int32_t finish_planes(ic_plane planes[4], int32_t samples, ic_turn turn, const ic_request *request,
                             const uint8_t *profile, size_t profile_size, ic_failure *failure) {
  for (int32_t c = 0; c < 4 && planes[c].data && turn.transposes; c++)
    if (!ic_plane_transpose(&planes[c])) return ic_fail(failure, IC_NO_MEMORY, "no memory to turn the picture");
  if (samples == IC_CMYK || (profile && !request->keep_profile && samples != IC_YCC))
    if (!ic_profile_apply(planes, samples, profile, profile_size))
      return ic_fail(failure, IC_NO_MEMORY, "no memory to convert the picture's colours");
  if (samples == IC_RGB || samples == IC_CMYK) {
    colours_to_ycc(planes);
    for (int32_t c = 1; c < 3 && !request->full_chroma; c++)
      if (!halve_plane(&planes[c])) return ic_fail(failure, IC_NO_MEMORY, "no memory to halve the chroma");
  }
  return IC_OK;
}

ic_picture *ic_picture_finish(ic_plane planes[4], int32_t samples, ic_turn turn, const ic_request *request,
                              const uint8_t *profile, size_t profile_size, ic_failure *failure) {
  ic_picture *picture = calloc(1, sizeof *picture);
  if (!picture) ic_fail(failure, IC_NO_MEMORY, "no memory for the picture");
  if (!picture || finish_planes(planes, samples, turn, request, profile, profile_size, failure) != IC_OK) {
    for (int32_t c = 0; c < 4; c++) ic_plane_free(&planes[c]);
    free(picture);
    return NULL;
  }
  ic_plane_free(&planes[3]);
  picture->width = request->width;
  picture->height = request->height;
  picture->channels = samples == IC_GREY ? 1 : 3;
  picture->full_chroma = request->full_chroma;
  memcpy(picture->planes, planes, sizeof picture->planes);
  memset(planes, 0, 4 * sizeof *planes);
  if (profile && request->keep_profile && samples != IC_CMYK) {
    picture->profile = malloc(profile_size);
    if (!picture->profile) {
      ic_picture_free(picture);
      ic_fail(failure, IC_NO_MEMORY, "no memory for the colour profile");
      return NULL;
    }
    memcpy(picture->profile, profile, profile_size);
    picture->profile_size = profile_size;
  }
  return picture;
}

/* One plane of the copy. Chroma covers half of the picture's length, whether that is whole or not. */
static int32_t resize_plane(const ic_plane *source, double source_part, const ic_picture *from, ic_plane *out, double part,
                            uint32_t width, uint32_t height) {
  uint32_t columns = part < 1 ? (width + 1) / 2 : width, rows = part < 1 ? (height + 1) / 2 : height;
  ic_stretch across = ic_stretch_of(source->width, from->width * source_part, columns, width * part, 0);
  ic_stretch down = ic_stretch_of(source->height, from->height * source_part, rows, height * part, 0);
  ic_stream stream;
  if (!ic_stream_make(&stream, across, down, 1, ic_best_kernels())) {
    ic_stream_free(&stream);
    return 0;
  }
  for (uint32_t y = 0; y < source->height; y++) {
    memcpy(ic_stream_slot(&stream, 0), ic_plane_row(source, y), source->width);
    ic_stream_commit(&stream, 1);
  }
  ic_stream_take(&stream, out);
  return 1;
}

ic_picture *ic_resize(const ic_picture *picture, uint32_t width, uint32_t height, int32_t full_chroma, ic_failure *failure) {
  ic_picture *copy = calloc(1, sizeof *copy);
  int32_t is_done = copy != NULL;
  for (int32_t c = 0; is_done && c < picture->channels; c++) {
    double part = c > 0 && !full_chroma ? 0.5 : 1, source_part = c > 0 && !picture->full_chroma ? 0.5 : 1;
    is_done = resize_plane(&picture->planes[c], source_part, picture, &copy->planes[c], part, width, height);
  }
  if (is_done && picture->profile) {
    copy->profile = malloc(picture->profile_size);
    is_done = copy->profile != NULL;
    if (is_done) memcpy(copy->profile, picture->profile, copy->profile_size = picture->profile_size);
  }
  if (!is_done) {
    ic_fail(failure, IC_NO_MEMORY, "no memory for a picture of %u x %u", width, height);
    ic_picture_free(copy);
    return NULL;
  }
  copy->width = width;
  copy->height = height;
  copy->channels = picture->channels;
  copy->full_chroma = full_chroma;
  return copy;
}

uint32_t ic_picture_width(const ic_picture *picture) { return picture->width; }

uint32_t ic_picture_height(const ic_picture *picture) { return picture->height; }

int32_t ic_picture_planes(const ic_picture *picture) { return picture->channels; }

void ic_picture_plane_size(const ic_picture *picture, int32_t plane, uint32_t *width, uint32_t *height) {
  *width = picture->planes[plane].width;
  *height = picture->planes[plane].height;
}

const uint8_t *ic_picture_plane_row(const ic_picture *picture, int32_t plane, uint32_t y) {
  return ic_plane_row(&picture->planes[plane], y);
}

const char *ic_picture_warning(const ic_picture *picture) { return picture->warning; }

void ic_picture_free(ic_picture *picture) {
  if (!picture) return;
  for (int32_t c = 0; c < 3; c++) ic_plane_free(&picture->planes[c]);
  free(picture->profile);
  free(picture);
}
