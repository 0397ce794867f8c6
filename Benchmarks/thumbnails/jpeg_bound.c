/* jpeg_bound: what libjpeg-turbo alone takes, in memory and on one core, for the JPEG files of SOURCE: one decoding at the
 * smallest power-of-two scale that leaves 1200 pixels, and the three encodings of DESTINATION's thumbnails, progressive with
 * libjpeg's own scans. Prints milliseconds an image. usage: jpeg_bound SOURCE DESTINATION */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jpeglib.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static unsigned char *load(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(*size);
  size_t count = fread(bytes, 1, *size, file);
  fclose(file);
  if (count == *size) return bytes;
  free(bytes);
  return NULL;
}

/* The pixels of a JPEG at least `wanted` large, for the caller to free. */
static unsigned char *decode(const unsigned char *bytes, size_t size, unsigned wanted, unsigned *width, unsigned *height) {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, bytes, size);
  jpeg_read_header(&jpeg, TRUE);
  unsigned side = jpeg.image_width > jpeg.image_height ? jpeg.image_width : jpeg.image_height;
  jpeg.scale_denom = 8;
  for (jpeg.scale_num = 1; jpeg.scale_num < 8 && side * jpeg.scale_num / 8 < wanted; jpeg.scale_num *= 2) continue;
  jpeg.out_color_space = JCS_RGB;
  jpeg_start_decompress(&jpeg);
  *width = jpeg.output_width;
  *height = jpeg.output_height;
  unsigned char *pixels = malloc((size_t)*width * *height * 3);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = pixels + (size_t)jpeg.output_scanline * *width * 3;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  jpeg_destroy_decompress(&jpeg);
  return pixels;
}

static void encode(unsigned char *pixels, unsigned width, unsigned height, int quality) {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  unsigned char *bytes = NULL;
  unsigned long size = 0;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, &bytes, &size);
  jpeg.image_width = width;
  jpeg.image_height = height;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, quality, TRUE);
  jpeg.optimize_coding = TRUE;
  jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < height) {
    JSAMPROW row = pixels + (size_t)jpeg.next_scanline * width * 3;
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  free(bytes);
}

int main(int count, char **arguments) {
  static const struct {
    const char *name;
    int quality;
  } sizes[] = {{"large", 95}, {"medium", 90}, {"thumbnail", 85}};
  if (count != 3) return 64;
  DIR *folder = opendir(arguments[1]);
  if (!folder) return 66;
  double decoding = 0, encoding = 0;
  int images = 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    char path[4096];
    const char *dot = strrchr(entry->d_name, '.');
    if (!dot || (strcmp(dot, ".jpg") != 0 && strcmp(dot, ".jpeg") != 0)) continue;
    size_t size;
    unsigned width, height;
    snprintf(path, sizeof path, "%s/%s", arguments[1], entry->d_name);
    unsigned char *bytes = load(path, &size);
    if (!bytes) continue;
    double start = now();
    unsigned char *pixels = decode(bytes, size, 1200, &width, &height);
    decoding += now() - start;
    free(pixels);
    free(bytes);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
      snprintf(path, sizeof path, "%s/%.*s_%s.jpg", arguments[2], (int)(dot - entry->d_name), entry->d_name, sizes[i].name);
      if (!(bytes = load(path, &size))) return 66;
      pixels = decode(bytes, size, 65500, &width, &height);
      start = now();
      encode(pixels, width, height, sizes[i].quality);
      encoding += now() - start;
      free(pixels);
      free(bytes);
    }
    images++;
  }
  closedir(folder);
  printf("{\"jpegs\":%d,\"decode_ms\":%.2f,\"encode_ms\":%.2f,\"bound_ms\":%.2f}\n", images, decoding / images, encoding / images,
         (decoding + encoding) / images);
  return 0;
}
