/* picture.h: what stands behind ic_picture, and the way from decoded planes to it. */
#ifndef IC_PICTURE_H
#define IC_PICTURE_H

#include "image_codecs.h"
#include "stream.h"

struct ic_picture {
  uint32_t width, height;
  int32_t channels;    /* 1: luma; 3: luma, blue and red chroma */
  int32_t full_chroma; /* 1: chroma planes as large as luma's; 0: half as wide and high, rounded up */
  ic_plane planes[3];
  uint8_t *profile; /* an ICC profile that belongs to the samples, or NULL for sRGB */
  size_t profile_size;
  char warning[256];
};

/* Fills in the failure and returns its code. */
int32_t ic_fail(ic_failure *failure, int32_t code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* How a stored image becomes an upright picture: mirrored in its own rows and columns first, then transposed. */
typedef struct ic_turn {
  int32_t mirrors_x, mirrors_y, transposes;
} ic_turn;

ic_turn ic_turn_of(int32_t orientation);

/* The wanted size before the transposition. */
static inline uint32_t ic_turned_width(const ic_request *request, ic_turn turn) {
  return turn.transposes ? request->height : request->width;
}
static inline uint32_t ic_turned_height(const ic_request *request, ic_turn turn) {
  return turn.transposes ? request->width : request->height;
}

/* The stretch of `source` samples, which cover the whole image with `length` of them (a fraction where the image ends inside a
 * sample), to `wanted` ones, of which `wanted_length` cover it. */
ic_stretch ic_stretch_of(uint32_t source, double length, uint32_t wanted, double wanted_length, int32_t is_mirrored);

/* What the samples of finished planes are. */
#define IC_GREY 1
#define IC_YCC 2  /* chroma already as the request wants it */
#define IC_RGB 3
#define IC_CMYK 4 /* 0 is no ink */

/* Makes the picture: transposes, converts the colours, halves the chroma. Takes the planes, also when it fails. `profile` may
 * be NULL; it is copied where it is kept. NULL on failure. */
ic_picture *ic_picture_finish(ic_plane planes[4], int32_t samples, ic_turn turn, const ic_request *request,
                              const uint8_t *profile, size_t profile_size, ic_failure *failure);

/* What ic_picture_finish holds besides the planes it is given, in bytes. */
uint64_t ic_finish_bytes(const ic_request *request);

#endif
