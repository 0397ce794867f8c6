/* exif.h: the one thing that is wanted of EXIF data. */
#ifndef IC_EXIF_H
#define IC_EXIF_H

#include <stddef.h>
#include <stdint.h>

/* The orientation (EXIF 2.32, tag 0x0112) of a TIFF block, 1 to 8; 1 when it is absent, out of range or unreadable. */
int32_t ic_exif_orientation(const uint8_t *tiff, size_t size);

#endif
