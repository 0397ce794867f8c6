/* zlib, libzstd and libxxhash as this plugin needs them: whole calls, no macros, no structs of theirs. */
#ifndef CROLLUPS_H
#define CROLLUPS_H

#include <stddef.h>
#include <stdint.h>

/* XXH3 of some bytes; `seed` keeps kinds of things apart. */
uint64_t rollups_hash64(const void *bytes, size_t count, uint64_t seed);
void rollups_hash128(const void *bytes, size_t count, uint64_t seed, uint64_t out[2]);

/* XXH3 of bytes that come in pieces. NULL without memory. */
typedef struct rollups_hash rollups_hash;
rollups_hash *rollups_hash_new(void);
void rollups_hash_add(rollups_hash *hash, const void *bytes, size_t count);
void rollups_hash_end(rollups_hash *hash, uint64_t out[2]);
void rollups_hash_free(rollups_hash *hash);

#define ROLLUPS_MORE 0    /* goes on with more input, or more room */
#define ROLLUPS_END 1     /* a member or frame has ended here; another may follow */
#define ROLLUPS_DAMAGED 2 /* the bytes are not of that format */

/* Unpacks gzip (`is_zstd` 0) or zstd, several members or frames one behind the other included. NULL without memory. */
typedef struct rollups_unpacker rollups_unpacker;
rollups_unpacker *rollups_unpacker_new(int is_zstd);
/* Takes from `in` and gives to `out`; both counts come back as what was taken and given. */
int rollups_unpack(rollups_unpacker *unpacker, const void *in, size_t *in_count, void *out, size_t *out_count);
void rollups_unpacker_free(rollups_unpacker *unpacker);

/* Packs one gzip member, without a name or a time in it: the same bytes give the same bytes. NULL without memory. */
typedef struct rollups_packer rollups_packer;
rollups_packer *rollups_packer_new(void);
/* Call until it says ROLLUPS_END when `is_last`, else until all input is taken. */
int rollups_pack(rollups_packer *packer, const void *in, size_t *in_count, void *out, size_t *out_count, int is_last);
void rollups_packer_free(rollups_packer *packer);

#endif
