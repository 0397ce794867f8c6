/* png_read.h: libpng's reading side. */
#ifndef IC_PNG_READ_H
#define IC_PNG_READ_H

#include "picture.h"

int32_t ic_png_header(const uint8_t *data, size_t size, ic_header *header, ic_failure *failure);
ic_picture *ic_png_decode(const uint8_t *data, size_t size, const ic_request *request, ic_failure *failure);

#endif
