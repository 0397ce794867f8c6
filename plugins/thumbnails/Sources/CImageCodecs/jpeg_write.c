#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "picture.h"

/* Everything that an encoding holds; see the reader. */
typedef struct writer {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf jump;
  ic_failure *failure;
  ic_bytes bytes; /* `size` is the room here; what is filled is known at the end */
  size_t filled;
} writer;

static void on_error(j_common_ptr jpeg) {
  writer *self = jpeg->client_data;
  char message[JMSG_LENGTH_MAX];
  self->errors.format_message(jpeg, message);
  ic_fail(self->failure, IC_UNSUPPORTED, "%s", message);
  longjmp(self->jump, 1);
}

static void on_message(j_common_ptr jpeg, int level) {}

static void grow(writer *self, size_t filled) {
  size_t room = self->bytes.size ? 2 * self->bytes.size : 64 * 1024;
  uint8_t *data = realloc(self->bytes.data, room);
  if (!data) {
    ic_fail(self->failure, IC_NO_MEMORY, "no memory for a JPEG of more than %zu bytes", filled);
    longjmp(self->jump, 1);
  }
  self->bytes.data = data;
  self->bytes.size = room;
  self->destination.next_output_byte = data + filled;
  self->destination.free_in_buffer = room - filled;
}

static void begin_output(j_compress_ptr jpeg) { grow(jpeg->client_data, 0); }

static boolean more_output(j_compress_ptr jpeg) {
  writer *self = jpeg->client_data;
  grow(self, self->bytes.size); /* libjpeg calls only when the whole buffer is full */
  return TRUE;
}

static void end_output(j_compress_ptr jpeg) {
  writer *self = jpeg->client_data;
  self->filled = self->bytes.size - self->destination.free_in_buffer;
}

/* Spectral selection without successive approximation. Each scan is coded twice (once to find its Huffman table), so the ten
 * scans of libjpeg's own script cost twice as much as these, for a file that is about as large. */
static void choose_scans(struct jpeg_compress_struct *jpeg) {
  static const jpeg_scan_info colour[] = {
      {3, {0, 1, 2}, 0, 0, 0, 0}, {1, {0}, 1, 8, 0, 0}, {1, {1}, 1, 63, 0, 0}, {1, {2}, 1, 63, 0, 0}, {1, {0}, 9, 63, 0, 0}};
  static const jpeg_scan_info grey[] = {{1, {0}, 0, 0, 0, 0}, {1, {0}, 1, 8, 0, 0}, {1, {0}, 9, 63, 0, 0}};
  int is_grey = jpeg->num_components == 1;
  jpeg->scan_info = is_grey ? grey : colour;
  jpeg->num_scans = is_grey ? sizeof grey / sizeof *grey : sizeof colour / sizeof *colour;
}

static void set_up(writer *self, const ic_picture *picture, int32_t quality) {
  struct jpeg_compress_struct *jpeg = &self->jpeg;
  jpeg->image_width = picture->width;
  jpeg->image_height = picture->height;
  jpeg->input_components = picture->channels;
  jpeg->in_color_space = picture->channels == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, quality, TRUE);
  int factor = picture->channels == 3 && !picture->full_chroma ? 2 : 1;
  jpeg->comp_info[0].h_samp_factor = jpeg->comp_info[0].v_samp_factor = factor;
  jpeg->optimize_coding = TRUE;
  jpeg->raw_data_in = TRUE;
  choose_scans(jpeg);
}

/* A row of MCUs at a time, straight from the planes; below the picture the last row stands again. */
static void write_planes(writer *self, const ic_picture *picture) {
  struct jpeg_compress_struct *jpeg = &self->jpeg;
  JSAMPROW rows[3][2 * DCTSIZE];
  JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
  JDIMENSION step = (JDIMENSION)jpeg->max_v_samp_factor * DCTSIZE;
  for (JDIMENSION top = 0; top < jpeg->image_height; top += step) {
    for (int c = 0; c < jpeg->num_components; c++) {
      const ic_plane *plane = &picture->planes[c];
      uint32_t count = (uint32_t)jpeg->comp_info[c].v_samp_factor * DCTSIZE, first = top / step * count;
      for (uint32_t i = 0; i < count; i++)
        rows[c][i] = ic_plane_row(plane, first + i < plane->height ? first + i : plane->height - 1);
    }
    jpeg_write_raw_data(jpeg, planes, step);
  }
}

static int32_t run(writer *self, const ic_picture *picture, int32_t quality, const char *comment, size_t comment_size) {
  if (setjmp(self->jump)) return 0;
  self->jpeg.err = jpeg_std_error(&self->errors);
  self->errors.error_exit = on_error;
  self->errors.emit_message = on_message;
  self->jpeg.client_data = self;
  jpeg_create_compress(&self->jpeg);
  self->destination.init_destination = begin_output;
  self->destination.empty_output_buffer = more_output;
  self->destination.term_destination = end_output;
  self->jpeg.dest = &self->destination;
  set_up(self, picture, quality);
  jpeg_start_compress(&self->jpeg, TRUE);
  if (comment) jpeg_write_marker(&self->jpeg, JPEG_COM, (const JOCTET *)comment, (unsigned int)comment_size);
  if (picture->profile) jpeg_write_icc_profile(&self->jpeg, picture->profile, (unsigned int)picture->profile_size);
  write_planes(self, picture);
  jpeg_finish_compress(&self->jpeg);
  return 1;
}

int32_t ic_encode_jpeg(const ic_picture *picture, int32_t quality, const char *comment, size_t comment_size, ic_bytes *bytes,
                       ic_failure *failure) {
  memset(bytes, 0, sizeof *bytes);
  writer *self = calloc(1, sizeof *self);
  if (!self) return ic_fail(failure, IC_NO_MEMORY, "no memory to write a JPEG");
  self->failure = failure;
  for (int32_t c = 0; c < picture->channels; c++) ic_plane_pad(&picture->planes[c]);
  int32_t code = run(self, picture, quality, comment, comment_size) ? IC_OK : failure->code;
  jpeg_destroy_compress(&self->jpeg);
  if (code == IC_OK) {
    bytes->data = self->bytes.data;
    bytes->size = self->filled;
  } else {
    free(self->bytes.data);
  }
  free(self);
  return code;
}

void ic_bytes_free(ic_bytes *bytes) {
  free(bytes->data);
  memset(bytes, 0, sizeof *bytes);
}
