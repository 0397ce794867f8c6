/* jpeg_read.h: libjpeg-turbo's reading side. */
#ifndef IC_JPEG_READ_H
#define IC_JPEG_READ_H

#include "picture.h"

int32_t ic_jpeg_header(const uint8_t *data, size_t size, ic_header *header, ic_failure *failure);
ic_picture *ic_jpeg_decode(const uint8_t *data, size_t size, const ic_request *request, ic_failure *failure);

#endif
