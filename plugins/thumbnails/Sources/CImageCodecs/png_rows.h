/* png_rows.h: the pixels of a plain PNG (8 bits a sample, no palette, not interlaced), by libdeflate.
 *
 * libdeflate unpacks a whole stream at once two to three times as fast as zlib unpacks it piecewise; what lies between the
 * stream and the rows (PNG 3rd edition, sections 5, 7 and 9) is little. libpng has read and checked the header before. */
#ifndef IC_PNG_ROWS_H
#define IC_PNG_ROWS_H

#include "image_codecs.h"

/* What ic_png_rows holds at a time, in bytes. */
uint64_t ic_png_rows_bytes(size_t row_size, uint32_t height, size_t file_size);

/* Hands over every row, from the top. IC_OK, or the failure's code. */
int32_t ic_png_rows(const uint8_t *data, size_t size, size_t row_size, uint32_t height, int32_t channels,
                    void (*take)(void *context, const uint8_t *row), void *context, ic_failure *failure);

#endif
