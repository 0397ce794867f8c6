#include "jpeg_read.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "exif.h"
#include "profile.h"

/* A JPEG of more scans than any encoder writes is made to burn time: every scan passes over every coefficient. */
#define MAX_SCANS 100

/* How much larger than wanted the scaled inverse DCT's picture has to be: below twice, what it cuts off would show. */
#define SCALE_MARGIN 2.0

#if JPEG_LIB_VERSION >= 70
#define SCALED_SIZE(part) ((part)->DCT_h_scaled_size)
#else
#define SCALED_SIZE(part) ((part)->DCT_scaled_size)
#endif

/* Everything that a decoding holds. It lives outside of the function that calls setjmp, so that a longjmp loses nothing. */
typedef struct reader {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf jump;
  const ic_request *request;
  ic_failure *failure;
  ic_header header;
  ic_turn turn;
  int32_t samples;
  int32_t stream_count;
  ic_stream streams[3];
  JOCTET *profile;
  unsigned int profile_size;
  int32_t is_truncated;
  char warning[256];
} reader;

static int32_t code_of(int message) {
  switch (message) {
    case JERR_OUT_OF_MEMORY: return IC_NO_MEMORY;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_COMPONENT_COUNT: return IC_UNSUPPORTED;
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF: return IC_TRUNCATED;
    default: return IC_CORRUPT;
  }
}

static void fail_with_message(reader *reader, int32_t code) {
  char message[JMSG_LENGTH_MAX];
  reader->errors.format_message((j_common_ptr)&reader->jpeg, message);
  ic_fail(reader->failure, code, "%s", message);
  longjmp(reader->jump, 1);
}

static void on_error(j_common_ptr jpeg) {
  reader *self = jpeg->client_data;
  fail_with_message(self, code_of(self->errors.msg_code));
}

/* Warnings that tell of lost pixels are failures; the others (stray bytes between segments, odd Adobe markers) are not. */
static void on_message(j_common_ptr jpeg, int level) {
  reader *self = jpeg->client_data;
  if (level >= 0) return;
  switch (self->errors.msg_code) {
    case JWRN_JPEG_EOF:
      if (!self->request || !self->request->accept_truncated) fail_with_message(self, IC_TRUNCATED);
      if (!self->is_truncated) self->errors.format_message(jpeg, self->warning);
      self->is_truncated = 1;
      return;
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      if (!self->is_truncated) fail_with_message(self, IC_CORRUPT);
      return;
    default:
      if (!self->warning[0]) self->errors.format_message(jpeg, self->warning);
  }
}

static void on_progress(j_common_ptr jpeg) {
  reader *self = jpeg->client_data;
  if (self->jpeg.input_scan_number <= MAX_SCANS) return;
  ic_fail(self->failure, IC_LIMIT, "the JPEG has more than %d scans", MAX_SCANS);
  longjmp(self->jump, 1);
}

static void open_reader(reader *self, const uint8_t *data, size_t size) {
  self->jpeg.err = jpeg_std_error(&self->errors);
  self->errors.error_exit = on_error;
  self->errors.emit_message = on_message;
  self->jpeg.client_data = self;
  jpeg_create_decompress(&self->jpeg);
  self->progress.progress_monitor = on_progress;
  self->jpeg.progress = &self->progress;
  jpeg_mem_src(&self->jpeg, data, size);
  jpeg_save_markers(&self->jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_save_markers(&self->jpeg, JPEG_APP0 + 2, 0xFFFF);
  jpeg_read_header(&self->jpeg, TRUE);
}

static int32_t orientation_of(const struct jpeg_decompress_struct *jpeg) {
  for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker; marker = marker->next)
    if (marker->marker == JPEG_APP0 + 1 && marker->data_length > 6 && memcmp(marker->data, "Exif\0\0", 6) == 0)
      return ic_exif_orientation(marker->data + 6, marker->data_length - 6);
  return 1;
}

static void read_header(reader *self) {
  ic_header *header = &self->header;
  header->format = IC_FORMAT_JPEG;
  header->width = self->jpeg.image_width;
  header->height = self->jpeg.image_height;
  header->channels = self->jpeg.num_components;
  header->bits = self->jpeg.data_precision;
  header->orientation = orientation_of(&self->jpeg);
  header->is_staged = jpeg_has_multiple_scans(&self->jpeg);
  if (jpeg_read_icc_profile(&self->jpeg, &self->profile, &self->profile_size)) header->has_profile = 1;
}

/* The coefficients of a JPEG of several scans, which libjpeg keeps as a whole, in bytes. */
static uint64_t staged_bytes(const struct jpeg_decompress_struct *jpeg) {
  uint64_t blocks = 0;
  for (int c = 0; c < jpeg->num_components; c++) {
    const jpeg_component_info *part = &jpeg->comp_info[c];
    blocks += ((uint64_t)part->width_in_blocks + 4) * ((uint64_t)part->height_in_blocks + 4);
  }
  return blocks * DCTSIZE2 * sizeof(JCOEF);
}

/* The smallest scale of the inverse DCT that leaves SCALE_MARGIN; only the sizes that libjpeg-turbo has vector code for. */
static void choose_scale(reader *self) {
  double wanted = ic_turned_width(self->request, self->turn) * SCALE_MARGIN;
  self->jpeg.scale_denom = 8;
  for (self->jpeg.scale_num = 1; self->jpeg.scale_num < 8; self->jpeg.scale_num *= 2)
    if (self->jpeg.image_width * (self->jpeg.scale_num / 8.0) >= wanted) return;
}

static void choose_samples(reader *self) {
  struct jpeg_decompress_struct *jpeg = &self->jpeg;
  self->samples = jpeg->num_components == 1 ? IC_GREY : jpeg->num_components == 4 ? IC_CMYK : IC_RGB;
  int32_t converts = !self->request->keep_profile && self->profile &&
                     ic_profile_matters(self->profile, self->profile_size, self->samples);
  if (!converts && self->samples != IC_CMYK && !self->request->keep_profile) {
    free(self->profile);
    self->profile = NULL;
  }
  if (self->samples == IC_RGB && jpeg->jpeg_color_space == JCS_YCbCr && !converts) self->samples = IC_YCC;
  jpeg->raw_data_out = self->samples == IC_YCC || self->samples == IC_GREY;
  jpeg->out_color_space = self->samples == IC_YCC    ? JCS_YCbCr
                          : self->samples == IC_GREY ? JCS_GRAYSCALE
                          : self->samples == IC_CMYK ? JCS_CMYK
                                                     : JCS_RGB;
}

/* The stretches of one component in raw mode, or of the whole pixels (`part` NULL). */
static void stretches_of(const reader *self, const jpeg_component_info *part, ic_stretch *across, ic_stretch *down) {
  const struct jpeg_decompress_struct *jpeg = &self->jpeg;
  const ic_request *request = self->request;
  uint32_t width = ic_turned_width(request, self->turn), height = ic_turned_height(request, self->turn);
  int32_t is_chroma = part && part != &jpeg->comp_info[0], halves = is_chroma && !request->full_chroma;
  double x = jpeg->scale_num / 8.0, y = x;
  if (part) {
    x = (double)part->h_samp_factor * SCALED_SIZE(part) / (jpeg->max_h_samp_factor * 8.0);
    y = (double)part->v_samp_factor * SCALED_SIZE(part) / (jpeg->max_v_samp_factor * 8.0);
  }
  *across = ic_stretch_of(part ? part->downsampled_width : jpeg->output_width, jpeg->image_width * x,
                          halves ? (width + 1) / 2 : width, halves ? width / 2.0 : width, self->turn.mirrors_x);
  *down = ic_stretch_of(part ? part->downsampled_height : jpeg->output_height, jpeg->image_height * y,
                        halves ? (height + 1) / 2 : height, halves ? height / 2.0 : height, self->turn.mirrors_y);
}

static void fail(reader *self, int32_t code, const char *message) {
  ic_fail(self->failure, code, "%s", message);
  longjmp(self->jump, 1);
}

static void make_streams(reader *self) {
  struct jpeg_decompress_struct *jpeg = &self->jpeg;
  int32_t count = jpeg->raw_data_out ? jpeg->num_components : 1;
  uint64_t bytes = self->request->held_bytes + (self->header.is_staged ? staged_bytes(jpeg) : 0);
  ic_stretch across[3], down[3];
  for (int32_t i = 0; i < count; i++) {
    stretches_of(self, jpeg->raw_data_out ? &jpeg->comp_info[i] : NULL, &across[i], &down[i]);
    bytes += ic_stream_bytes(across[i], down[i], jpeg->raw_data_out ? 1 : jpeg->output_components);
  }
  bytes += ic_finish_bytes(self->request);
  if (bytes > self->request->max_bytes) {
    ic_fail(self->failure, IC_LIMIT, "decoding it would take %llu MiB of memory, more than the limit of %llu MiB",
            (unsigned long long)(bytes >> 20), (unsigned long long)(self->request->max_bytes >> 20));
    longjmp(self->jump, 1);
  }
  for (; self->stream_count < count; self->stream_count++) {
    int32_t i = self->stream_count, channels = jpeg->raw_data_out ? 1 : jpeg->output_components;
    if (!ic_stream_make(&self->streams[i], across[i], down[i], channels, ic_best_kernels())) {
      self->stream_count++;
      fail(self, IC_NO_MEMORY, "no memory to decode the image");
    }
  }
}

/* The component's rows as they are coded, without upsampling and colour conversion. */
static void read_planes(reader *self) {
  struct jpeg_decompress_struct *jpeg = &self->jpeg;
  JSAMPROW rows[3][IC_STREAM_AHEAD];
  JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
  JDIMENSION step = (JDIMENSION)jpeg->max_v_samp_factor * (JDIMENSION)(
#if JPEG_LIB_VERSION >= 70
                        jpeg->min_DCT_v_scaled_size
#else
                        jpeg->min_DCT_scaled_size
#endif
                    );
  while (jpeg->output_scanline < jpeg->output_height) {
    uint32_t counts[3];
    for (int32_t c = 0; c < self->stream_count; c++) {
      const jpeg_component_info *part = &jpeg->comp_info[c];
      counts[c] = (uint32_t)(part->v_samp_factor * SCALED_SIZE(part));
      for (uint32_t i = 0; i < counts[c]; i++) rows[c][i] = ic_stream_slot(&self->streams[c], i);
    }
    if (jpeg_read_raw_data(jpeg, planes, step) == 0) fail(self, IC_TRUNCATED, "the JPEG's data ends early");
    for (int32_t c = 0; c < self->stream_count; c++) ic_stream_commit(&self->streams[c], counts[c]);
  }
}

static void read_pixels(reader *self) {
  int32_t inverted = self->samples == IC_CMYK && self->jpeg.saw_Adobe_marker;
  size_t size = (size_t)self->jpeg.output_width * (size_t)self->jpeg.output_components;
  while (self->jpeg.output_scanline < self->jpeg.output_height) {
    JSAMPROW row = ic_stream_slot(&self->streams[0], 0);
    if (jpeg_read_scanlines(&self->jpeg, &row, 1) == 0) fail(self, IC_TRUNCATED, "the JPEG's data ends early");
    for (size_t i = 0; inverted && i < size; i++) row[i] = (JSAMPLE)(255 - row[i]);
    ic_stream_commit(&self->streams[0], 1);
  }
}

/* Reads all rows into the streams. 0 after a longjmp: then the failure is filled in. */
static int32_t run(reader *self, const uint8_t *data, size_t size) {
  if (setjmp(self->jump)) return 0;
  open_reader(self, data, size);
  read_header(self);
  if (!self->request) return 1;
  uint64_t pixels = (uint64_t)self->header.width * self->header.height;
  if (pixels > self->request->max_pixels) {
    ic_fail(self->failure, IC_LIMIT, "%u x %u pixels are more than the limit of %llu", self->header.width, self->header.height,
            (unsigned long long)self->request->max_pixels);
    return 0;
  }
  self->turn = ic_turn_of(self->header.orientation);
  choose_scale(self);
  choose_samples(self);
  jpeg_calc_output_dimensions(&self->jpeg);
  make_streams(self);
  jpeg_start_decompress(&self->jpeg);
  if (self->jpeg.raw_data_out)
    read_planes(self);
  else
    read_pixels(self);
  return 1;
}

static void close_reader(reader *self) {
  jpeg_destroy_decompress(&self->jpeg);
  for (int32_t i = 0; i < self->stream_count; i++) ic_stream_free(&self->streams[i]);
  free(self->profile);
  free(self);
}

int32_t ic_jpeg_header(const uint8_t *data, size_t size, ic_header *header, ic_failure *failure) {
  reader *self = calloc(1, sizeof *self);
  if (!self) return ic_fail(failure, IC_NO_MEMORY, "no memory to read a header");
  self->failure = failure;
  int32_t code = run(self, data, size) ? IC_OK : failure->code;
  *header = self->header;
  close_reader(self);
  return code;
}

ic_picture *ic_jpeg_decode(const uint8_t *data, size_t size, const ic_request *request, ic_failure *failure) {
  reader *self = calloc(1, sizeof *self);
  ic_picture *picture = NULL;
  if (!self) {
    ic_fail(failure, IC_NO_MEMORY, "no memory to decode an image");
    return NULL;
  }
  self->failure = failure;
  self->request = request;
  if (run(self, data, size)) {
    ic_plane planes[4] = {0};
    if (self->jpeg.raw_data_out)
      for (int32_t c = 0; c < self->stream_count; c++) ic_stream_take(&self->streams[c], &planes[c]);
    else
      ic_stream_take(&self->streams[0], planes);
    picture = ic_picture_finish(planes, self->samples, self->turn, request, self->profile, self->profile_size, failure);
    if (picture) memcpy(picture->warning, self->warning, sizeof picture->warning);
  }
  close_reader(self);
  return picture;
}
