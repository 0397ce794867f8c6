#include "exif.h"

#include <string.h>

static uint32_t number(const uint8_t *bytes, size_t count, int is_little) {
  uint32_t value = 0;
  for (size_t i = 0; i < count; i++) value = value << 8 | bytes[is_little ? count - 1 - i : i];
  return value;
}

int32_t ic_exif_orientation(const uint8_t *tiff, size_t size) {
  enum { ENTRY = 12, ORIENTATION = 0x0112, SHORT = 3 };
  if (size < 8 || (memcmp(tiff, "II*\0", 4) != 0 && memcmp(tiff, "MM\0*", 4) != 0)) return 1;
  int is_little = tiff[0] == 'I';
  size_t at = number(tiff + 4, 4, is_little);
  if (at > size - 2) return 1;
  size_t count = number(tiff + at, 2, is_little);
  at += 2;
  for (; count > 0 && size - at >= ENTRY; count--, at += ENTRY) {
    if (number(tiff + at, 2, is_little) != ORIENTATION || number(tiff + at + 2, 2, is_little) != SHORT) continue;
    uint32_t value = number(tiff + at + 8, 2, is_little);
    return value >= 1 && value <= 8 ? (int32_t)value : 1;
  }
  return 1;
}
