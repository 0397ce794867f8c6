#include "plane.h"

#include <stdlib.h>
#include <string.h>

#include "kernels.h"

static size_t stride_of(uint32_t width) { return (((size_t)width + 63) & ~(size_t)63) + IC_ROW_SLACK; }

size_t ic_plane_bytes(uint32_t width, uint32_t height) { return stride_of(width) * height; }

int32_t ic_plane_make(ic_plane *plane, uint32_t width, uint32_t height) {
  plane->width = width;
  plane->height = height;
  plane->stride = stride_of(width);
  plane->data = malloc(plane->stride * height);
  return plane->data != NULL;
}

void ic_plane_free(ic_plane *plane) {
  free(plane->data);
  memset(plane, 0, sizeof *plane);
}

void ic_plane_pad(const ic_plane *plane) {
  for (uint32_t y = 0; y < plane->height; y++) {
    uint8_t *row = ic_plane_row(plane, y);
    memset(row + plane->width, row[plane->width - 1], 16);
  }
}

int32_t ic_plane_transpose(ic_plane *plane) {
  enum { TILE = 16 };
  ic_plane turned;
  if (!ic_plane_make(&turned, plane->height, plane->width)) return 0;
  for (uint32_t top = 0; top < plane->height; top += TILE) {
    uint32_t bottom = top + TILE < plane->height ? top + TILE : plane->height;
    for (uint32_t left = 0; left < plane->width; left += TILE) {
      uint32_t right = left + TILE < plane->width ? left + TILE : plane->width;
      for (uint32_t x = left; x < right; x++) {
        uint8_t *out = ic_plane_row(&turned, x);
        for (uint32_t y = top; y < bottom; y++) out[y] = plane->data[y * plane->stride + x];
      }
    }
  }
  ic_plane_free(plane);
  *plane = turned;
  return 1;
}
