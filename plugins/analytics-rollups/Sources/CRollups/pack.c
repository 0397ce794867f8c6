#include "CRollups.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

struct rollups_unpacker {
  int is_zstd;
  int has_ended; /* the next byte of gzip begins another member */
  z_stream gzip;
  ZSTD_DStream *zstd;
};

rollups_unpacker *rollups_unpacker_new(int is_zstd) {
  rollups_unpacker *unpacker = calloc(1, sizeof *unpacker);
  if (!unpacker) return NULL;
  unpacker->is_zstd = is_zstd;
  if (is_zstd) {
    unpacker->zstd = ZSTD_createDStream();
    if (unpacker->zstd) return unpacker;
  } else if (inflateInit2(&unpacker->gzip, 15 + 16) == Z_OK) {
    return unpacker;
  }
  free(unpacker);
  return NULL;
}

static int unpack_zstd(rollups_unpacker *unpacker, const void *in, size_t *in_count, void *out, size_t *out_count) {
  ZSTD_inBuffer from = {in, *in_count, 0};
  ZSTD_outBuffer to = {out, *out_count, 0};
  size_t left = ZSTD_decompressStream(unpacker->zstd, &to, &from);
  *in_count = from.pos;
  *out_count = to.pos;
  if (ZSTD_isError(left)) return ROLLUPS_DAMAGED;
  return left == 0 ? ROLLUPS_END : ROLLUPS_MORE;
}

static int unpack_gzip(rollups_unpacker *unpacker, const void *in, size_t *in_count, void *out, size_t *out_count) {
  z_stream *gzip = &unpacker->gzip;
  if (unpacker->has_ended && *in_count > 0) {
    inflateReset(gzip);
    unpacker->has_ended = 0;
  }
  uInt room = *out_count > 1u << 30 ? 1u << 30 : (uInt)*out_count;
  uInt given = *in_count > 1u << 30 ? 1u << 30 : (uInt)*in_count;
  gzip->next_in = (Bytef *)in;
  gzip->avail_in = given;
  gzip->next_out = out;
  gzip->avail_out = room;
  int status = inflate(gzip, Z_NO_FLUSH);
  *in_count = given - gzip->avail_in;
  *out_count = room - gzip->avail_out;
  if (status == Z_STREAM_END) {
    unpacker->has_ended = 1;
    return ROLLUPS_END;
  }
  return status == Z_OK || status == Z_BUF_ERROR ? ROLLUPS_MORE : ROLLUPS_DAMAGED;
}

int rollups_unpack(rollups_unpacker *unpacker, const void *in, size_t *in_count, void *out, size_t *out_count) {
  return (unpacker->is_zstd ? unpack_zstd : unpack_gzip)(unpacker, in, in_count, out, out_count);
}

void rollups_unpacker_free(rollups_unpacker *unpacker) {
  if (unpacker->is_zstd)
    ZSTD_freeDStream(unpacker->zstd);
  else
    inflateEnd(&unpacker->gzip);
  free(unpacker);
}

struct rollups_packer {
  z_stream gzip;
};

rollups_packer *rollups_packer_new(void) {
  rollups_packer *packer = calloc(1, sizeof *packer);
  if (!packer) return NULL;
  if (deflateInit2(&packer->gzip, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK) return packer;
  free(packer);
  return NULL;
}

int rollups_pack(rollups_packer *packer, const void *in, size_t *in_count, void *out, size_t *out_count, int is_last) {
  z_stream *gzip = &packer->gzip;
  uInt given = (uInt)*in_count, room = (uInt)*out_count;
  gzip->next_in = (Bytef *)in;
  gzip->avail_in = given;
  gzip->next_out = out;
  gzip->avail_out = room;
  int status = deflate(gzip, is_last ? Z_FINISH : Z_NO_FLUSH);
  *in_count = given - gzip->avail_in;
  *out_count = room - gzip->avail_out;
  if (status == Z_STREAM_END) return ROLLUPS_END;
  return status == Z_OK || status == Z_BUF_ERROR ? ROLLUPS_MORE : ROLLUPS_DAMAGED;
}

void rollups_packer_free(rollups_packer *packer) {
  deflateEnd(&packer->gzip);
  free(packer);
}
