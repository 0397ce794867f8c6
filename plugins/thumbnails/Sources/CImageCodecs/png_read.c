#include "png_read.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "exif.h"
#include "png_chunks.h"
#include "png_rows.h"
#include "profile.h"

/* Bounds for what stands beside the pixels: a profile or text may unpack to this many bytes, and so many chunks are read. */
#define MAX_CHUNK_BYTES (16u * 1024 * 1024)
#define MAX_CHUNKS 4096

/* Unpacking at once needs all rows in memory: larger images go through libpng, which holds one row at a time. */
#define MAX_PLAIN_BYTES (96u * 1024 * 1024)

/* Everything that a decoding holds. It lives outside of the function that calls setjmp, so that a longjmp loses nothing. */
typedef struct reader {
  png_structp png;
  png_infop info;
  jmp_buf jump;
  const uint8_t *data;
  size_t size, at;
  const ic_request *request;
  ic_failure *failure;
  ic_header header;
  ic_turn turn;
  int32_t channels; /* of a row as libpng gives it */
  int32_t samples;
  uint8_t background[3];
  ic_stream stream;
  uint8_t *row;   /* one row with alpha */
  uint8_t *image; /* all rows, when interlaced */
  png_bytep *rows;
  const uint8_t *profile; /* libpng's */
  size_t profile_size;
} reader;

static void on_error(png_structp png, png_const_charp message) {
  reader *self = png_get_error_ptr(png);
  ic_fail(self->failure, self->at >= self->size ? IC_TRUNCATED : IC_CORRUPT, "%s", message);
  longjmp(self->jump, 1);
}

static void on_warning(png_structp png, png_const_charp message) {}

static void on_read(png_structp png, png_bytep bytes, size_t count) {
  reader *self = png_get_io_ptr(png);
  if (count > self->size - self->at) {
    self->at = self->size;
    png_error(png, "Read Error: the data ends early");
  }
  memcpy(bytes, self->data + self->at, count);
  self->at += count;
}

static void fail(reader *self, int32_t code, const char *message) {
  ic_fail(self->failure, code, "%s", message);
  longjmp(self->jump, 1);
}

static void open_reader(reader *self) {
  self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self, on_error, on_warning);
  if (!self->png || !(self->info = png_create_info_struct(self->png))) fail(self, IC_NO_MEMORY, "no memory to read a PNG");
  png_set_read_fn(self->png, self, on_read);
  /* Sizes are the request's to limit; here only what the JPEG written later can hold more than. */
  png_set_user_limits(self->png, 0x7FFFFFFF, 0x7FFFFFFF);
  png_set_chunk_malloc_max(self->png, MAX_CHUNK_BYTES);
  png_set_chunk_cache_max(self->png, MAX_CHUNKS);
  png_read_info(self->png, self->info);
}

/* EXIF may stand behind the pixels, which are streamed: it is looked for before libpng comes to it. */
static int32_t orientation_of(const reader *self) {
  size_t at = IC_PNG_FIRST_CHUNK;
  ic_png_chunk chunk;
  while (ic_png_next_chunk(self->data, self->size, &at, &chunk))
    if (memcmp(chunk.type, "eXIf", 4) == 0 && chunk.is_whole && ic_png_chunk_is_sound(&chunk))
      return ic_exif_orientation(chunk.body, chunk.size);
  return 1;
}

static void read_header(reader *self) {
  ic_header *header = &self->header;
  header->format = IC_FORMAT_PNG;
  header->width = png_get_image_width(self->png, self->info);
  header->height = png_get_image_height(self->png, self->info);
  header->bits = png_get_bit_depth(self->png, self->info);
  int type = png_get_color_type(self->png, self->info);
  int has_alpha = (type & PNG_COLOR_MASK_ALPHA) || png_get_valid(self->png, self->info, PNG_INFO_tRNS);
  header->channels = (type & PNG_COLOR_MASK_COLOR ? 3 : 1) + (has_alpha ? 1 : 0);
  header->is_staged = png_get_interlace_type(self->png, self->info) != PNG_INTERLACE_NONE;
  header->orientation = orientation_of(self);
  png_charp name;
  int compression;
  png_bytep profile;
  png_uint_32 profile_size;
  if (png_get_iCCP(self->png, self->info, &name, &compression, &profile, &profile_size)) {
    header->has_profile = 1;
    self->profile = profile;
    self->profile_size = profile_size;
  }
}

/* Asks libpng for 8 bits and no palette. A grey image with alpha over a coloured background becomes coloured. */
static void set_transformations(reader *self) {
  png_set_scale_16(self->png);
  png_set_expand(self->png);
  const uint8_t *under = self->request->background;
  memcpy(self->background, under, 3);
  int32_t is_neutral = under[0] == under[1] && under[1] == under[2];
  if (self->header.channels == 2 && !is_neutral) png_set_gray_to_rgb(self->png);
  png_set_interlace_handling(self->png);
  png_read_update_info(self->png, self->info);
  self->channels = png_get_channels(self->png, self->info);
  self->samples = self->channels <= 2 ? IC_GREY : IC_RGB;
  if (self->profile && !self->request->keep_profile && !ic_profile_matters(self->profile, self->profile_size, self->samples))
    self->profile = NULL;
}

static void make_stream(reader *self, uint64_t staged_bytes) {
  const ic_request *request = self->request;
  uint32_t width = ic_turned_width(request, self->turn), height = ic_turned_height(request, self->turn);
  int32_t colours = self->samples == IC_GREY ? 1 : 3;
  ic_stretch across = ic_stretch_of(self->header.width, self->header.width, width, width, self->turn.mirrors_x);
  ic_stretch down = ic_stretch_of(self->header.height, self->header.height, height, height, self->turn.mirrors_y);
  uint64_t bytes = request->held_bytes + ic_stream_bytes(across, down, colours) + staged_bytes + ic_finish_bytes(request);
  if (bytes > request->max_bytes) {
    ic_fail(self->failure, IC_LIMIT, "decoding it would take %llu MiB of memory, more than the limit of %llu MiB",
            (unsigned long long)(bytes >> 20), (unsigned long long)(request->max_bytes >> 20));
    longjmp(self->jump, 1);
  }
  if (!ic_stream_make(&self->stream, across, down, colours, ic_best_kernels()))
    fail(self, IC_NO_MEMORY, "no memory to decode the image");
}

static void take_row(reader *self, const uint8_t *row) {
  uint8_t *slot = ic_stream_slot(&self->stream, 0);
  int32_t colours = self->stream.channels;
  if (self->channels == colours)
    memcpy(slot, row, (size_t)self->header.width * (size_t)colours);
  else
    self->stream.kernels->flatten(slot, row, colours, self->background, self->header.width);
  ic_stream_commit(&self->stream, 1);
}

static void read_interlaced(reader *self, size_t row_bytes) {
  uint32_t height = self->header.height;
  self->image = malloc(row_bytes * height);
  self->rows = malloc(height * sizeof *self->rows);
  if (!self->image || !self->rows) fail(self, IC_NO_MEMORY, "no memory to decode the image");
  for (uint32_t y = 0; y < height; y++) self->rows[y] = self->image + row_bytes * y;
  png_read_image(self->png, self->rows);
  for (uint32_t y = 0; y < height; y++) take_row(self, self->rows[y]);
}

static void read_in_order(reader *self, size_t row_bytes) {
  self->row = malloc(row_bytes);
  if (!self->row) fail(self, IC_NO_MEMORY, "no memory to decode the image");
  for (uint32_t y = 0; y < self->header.height; y++) {
    png_read_row(self->png, self->row, NULL);
    take_row(self, self->row);
  }
}

/* Plain rows of whole bytes, by far the most usual kind, are read without libpng, in about half of the time. */
static int32_t is_plain(const reader *self) {
  return self->header.bits == 8 && !self->header.is_staged && !png_get_valid(self->png, self->info, PNG_INFO_tRNS) &&
         png_get_color_type(self->png, self->info) != PNG_COLOR_TYPE_PALETTE;
}

static void take_plain_row(void *context, const uint8_t *row) { take_row(context, row); }

static void read_plain(reader *self) {
  int32_t code = ic_png_rows(self->data, self->size, (size_t)self->header.width * (size_t)self->header.channels,
                             self->header.height, self->header.channels, take_plain_row, self, self->failure);
  if (code != IC_OK) longjmp(self->jump, 1);
}

/* Reads all rows into the stream. 0 after a longjmp: then the failure is filled in. */
static int32_t run(reader *self) {
  if (setjmp(self->jump)) return 0;
  open_reader(self);
  read_header(self);
  if (!self->request) return 1;
  uint64_t pixels = (uint64_t)self->header.width * self->header.height;
  if (pixels > self->request->max_pixels) {
    ic_fail(self->failure, IC_LIMIT, "%u x %u pixels are more than the limit of %llu", self->header.width, self->header.height,
            (unsigned long long)self->request->max_pixels);
    return 0;
  }
  self->turn = ic_turn_of(self->header.orientation);
  int32_t plain = is_plain(self);
  uint64_t plain_bytes = ic_png_rows_bytes((size_t)self->header.width * (size_t)self->header.channels, self->header.height,
                                           self->size);
  set_transformations(self);
  if (self->channels != self->header.channels || plain_bytes > MAX_PLAIN_BYTES) plain = 0;
  if (plain_bytes > self->request->max_bytes / 2) plain = 0;
  size_t row_bytes = png_get_rowbytes(self->png, self->info);
  uint64_t staged = (uint64_t)row_bytes * self->header.height + 8ull * self->header.height;
  make_stream(self, self->header.is_staged ? staged : plain ? plain_bytes : row_bytes);
  if (plain)
    read_plain(self);
  else if (self->header.is_staged)
    read_interlaced(self, row_bytes);
  else
    read_in_order(self, row_bytes);
  return 1;
}

static void close_reader(reader *self) {
  png_destroy_read_struct(&self->png, &self->info, NULL);
  ic_stream_free(&self->stream);
  free(self->row);
  free(self->image);
  free(self->rows);
  free(self);
}

static reader *new_reader(const uint8_t *data, size_t size, const ic_request *request, ic_failure *failure) {
  reader *self = calloc(1, sizeof *self);
  if (!self) {
    ic_fail(failure, IC_NO_MEMORY, "no memory to read a PNG");
    return NULL;
  }
  self->data = data;
  self->size = size;
  self->request = request;
  self->failure = failure;
  return self;
}

int32_t ic_png_header(const uint8_t *data, size_t size, ic_header *header, ic_failure *failure) {
  reader *self = new_reader(data, size, NULL, failure);
  if (!self) return failure->code;
  int32_t code = run(self) ? IC_OK : failure->code;
  *header = self->header;
  close_reader(self);
  return code;
}

ic_picture *ic_png_decode(const uint8_t *data, size_t size, const ic_request *request, ic_failure *failure) {
  reader *self = new_reader(data, size, request, failure);
  ic_picture *picture = NULL;
  if (!self) return NULL;
  if (run(self)) {
    ic_plane planes[4] = {0};
    ic_stream_take(&self->stream, planes);
    picture = ic_picture_finish(planes, self->samples, self->turn, request, self->profile, self->profile_size, failure);
  }
  close_reader(self);
  return picture;
}
