/* image_codecs.h: reads a JPEG or PNG into a picture of a wanted size, resizes pictures, writes them as JPEG.
 *
 * The one border between this plugin and libjpeg-turbo, libpng, libdeflate and Little CMS. Errors of those libraries travel by
 * longjmp inside this library and never leave it: every function returns, and frees what it does not return.
 *
 * Functions may be called from several threads at once; a picture belongs to one thread at a time. */
#ifndef IMAGE_CODECS_H
#define IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

/* Why a call failed. */
#define IC_OK 0
#define IC_UNKNOWN_FORMAT 1 /* neither a JPEG nor a PNG by its first bytes */
#define IC_UNSUPPORTED 2    /* a variant that the libraries do not read (lossless or 12-bit JPEG) */
#define IC_CORRUPT 3        /* damaged data */
#define IC_TRUNCATED 4      /* the data ends early */
#define IC_LIMIT 5          /* over a limit of the request; nothing was allocated for it */
#define IC_NO_MEMORY 6      /* the system gave no memory */

/* A failed call's reason. Filled in by the callee when it returns a failure. */
typedef struct ic_failure {
  int32_t code;      /* IC_UNKNOWN_FORMAT ... IC_NO_MEMORY */
  char message[256]; /* for a person, in the library's own words where it has any; ends in a NUL byte */
} ic_failure;

#define IC_FORMAT_JPEG 1
#define IC_FORMAT_PNG 2

/* What stands in an image's header. */
typedef struct ic_header {
  int32_t format;      /* IC_FORMAT_* */
  uint32_t width;      /* pixels, as stored: before the orientation is applied */
  uint32_t height;
  int32_t channels;    /* 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha, or CMYK */
  int32_t bits;        /* of a sample */
  int32_t orientation; /* EXIF 2.32, tag 0x0112: 1 to 8; 1 when absent or out of range */
  int32_t is_staged;   /* 1: progressive JPEG or interlaced PNG, which is held in memory as a whole */
  int32_t has_profile; /* 1: an ICC profile is embedded */
} ic_header;

/* What to make of an image. */
typedef struct ic_request {
  uint32_t width;           /* of the wanted picture, upright: at least 1, at most 65500, never more than the image has */
  uint32_t height;
  int32_t full_chroma;      /* 1: chroma at full resolution (4:4:4), 0: halved both ways (4:2:0) */
  int32_t keep_profile;     /* 1: samples stay as they are and the profile is kept; 0: converted to sRGB. CMYK always is */
  int32_t accept_truncated; /* 1: what is missing at the end of a JPEG is filled with grey and `warning` says so */
  uint8_t background[3];    /* sRGB: what shows through transparent pixels */
  uint64_t max_pixels;      /* of the image as stored */
  uint64_t held_bytes;      /* that the caller holds for this image already: its file */
  uint64_t max_bytes;       /* that the caller and decoding may hold at a time */
} ic_request;

/* Planes of luma and chroma (or luma alone), upright, ready to be resized or written. Opaque. */
typedef struct ic_picture ic_picture;

/* Bytes made by this library; given back with ic_bytes_free. */
typedef struct ic_bytes {
  uint8_t *data;
  size_t size;
} ic_bytes;

/* Reads the header. IC_OK, or the failure's code. */
int32_t ic_read_header(const uint8_t *data, size_t size, ic_header *header, ic_failure *failure);

/* Decodes an image once, straight to the wanted size (Lanczos-3). NULL on failure. The caller owns the picture. */
ic_picture *ic_decode(const uint8_t *data, size_t size, const ic_request *request, ic_failure *failure);

/* A smaller copy (Lanczos-3). NULL on failure. The caller owns the copy. */
ic_picture *ic_resize(const ic_picture *picture, uint32_t width, uint32_t height, int32_t full_chroma, ic_failure *failure);

uint32_t ic_picture_width(const ic_picture *picture);
uint32_t ic_picture_height(const ic_picture *picture);

/* How many planes there are (1: luma; 3: luma, blue and red chroma), and the size and rows of one. The picture's; valid as long
 * as it. For tests, which look at single samples. */
int32_t ic_picture_planes(const ic_picture *picture);
void ic_picture_plane_size(const ic_picture *picture, int32_t plane, uint32_t *width, uint32_t *height);
const uint8_t *ic_picture_plane_row(const ic_picture *picture, int32_t plane, uint32_t y);

/* What was wrong with the image and could be borne, or an empty string. The picture's; valid as long as it. */
const char *ic_picture_warning(const ic_picture *picture);

void ic_picture_free(ic_picture *picture); /* NULL is fine */

/* Writes a progressive JPEG with optimised Huffman tables. `comment` (at most 65,533 bytes, may be NULL) becomes its COM
 * segment. IC_OK, or the failure's code. */
int32_t ic_encode_jpeg(const ic_picture *picture, int32_t quality, const char *comment, size_t comment_size, ic_bytes *bytes,
                       ic_failure *failure);

void ic_bytes_free(ic_bytes *bytes);

/* One row of Lanczos-3 weights, for tests: how `source` samples become `wanted` ones. Samples are bytes; `use_portable` 1
 * takes the plain C kernels whatever the processor offers. IC_OK or IC_NO_MEMORY. */
int32_t ic_resample_row(const uint8_t *source, uint32_t count, uint8_t *wanted, uint32_t wanted_count, int32_t use_portable);

/* The same down a column: `count` rows of `width` bytes each become `wanted_count` rows. */
int32_t ic_resample_column(const uint8_t *source, uint32_t width, uint32_t count, uint8_t *wanted, uint32_t wanted_count,
                           int32_t use_portable);

#endif
