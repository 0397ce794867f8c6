#include "CRollups.h"

#include <xxhash.h>

uint64_t rollups_hash64(const void *bytes, size_t count, uint64_t seed) { return XXH3_64bits_withSeed(bytes, count, seed); }

void rollups_hash128(const void *bytes, size_t count, uint64_t seed, uint64_t out[2]) {
  XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, count, seed);
  out[0] = hash.high64;
  out[1] = hash.low64;
}

rollups_hash *rollups_hash_new(void) {
  XXH3_state_t *state = XXH3_createState();
  if (state) XXH3_128bits_reset(state);
  return (rollups_hash *)state;
}

void rollups_hash_add(rollups_hash *hash, const void *bytes, size_t count) {
  XXH3_128bits_update((XXH3_state_t *)hash, bytes, count);
}

void rollups_hash_end(rollups_hash *hash, uint64_t out[2]) {
  XXH128_hash_t sum = XXH3_128bits_digest((XXH3_state_t *)hash);
  out[0] = sum.high64;
  out[1] = sum.low64;
}

void rollups_hash_free(rollups_hash *hash) { XXH3_freeState((XXH3_state_t *)hash); }
