/* plane.h: one channel of a picture. */
#ifndef IC_PLANE_H
#define IC_PLANE_H

#include <stddef.h>
#include <stdint.h>

/* Rows of bytes, `stride` apart, each with at least IC_ROW_SLACK bytes past its end. */
typedef struct ic_plane {
  uint8_t *data;
  uint32_t width, height;
  size_t stride;
} ic_plane;

int32_t ic_plane_make(ic_plane *plane, uint32_t width, uint32_t height); /* 0 when memory is short */
void ic_plane_free(ic_plane *plane);
size_t ic_plane_bytes(uint32_t width, uint32_t height); /* what a plane of that size takes */

static inline uint8_t *ic_plane_row(const ic_plane *plane, uint32_t y) { return plane->data + (size_t)y * plane->stride; }

/* Repeats each row's last sample into the slack, for who works in blocks of up to 16. */
void ic_plane_pad(const ic_plane *plane);

/* Swaps rows and columns. 0 when memory is short; the plane is then as before. */
int32_t ic_plane_transpose(ic_plane *plane);

#endif
