// noop: the cheapest plugin there can be, so that a benchmark measures everything but the plugin.
//
// Configuration: {"count": 1000000}. Each item has a payload of 100 bytes and succeeds with an empty output.

#include "carillon_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 1024u
#define KEY_BYTES 16
#define PAYLOAD "{\"pad\":\"012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\"}"
_Static_assert(sizeof PAYLOAD - 1 == 100, "the payload has 100 bytes");

struct noop {
  const carillon_host *host;
  unsigned long long count;
};

static carillon_bytes describe(void) {
  static const char manifest[] = "{\"id\": \"noop\", \"version\": \"1.0.0\", \"max_in_flight\": 4096}";
  return (carillon_bytes){manifest, sizeof manifest - 1};
}

static void *create(const carillon_host *host, carillon_bytes config) {
  char copy[256] = {0};
  memcpy(copy, config.data, config.size < sizeof copy ? config.size : sizeof copy - 1);
  const char *colon = strchr(copy, ':');
  struct noop *noop = calloc(1, sizeof *noop);
  if (noop) *noop = (struct noop){host, colon ? strtoull(colon + 1, NULL, 10) : 0};
  return noop;
}

static int32_t discover(void *instance, const carillon_run *run, const carillon_sink *sink) {
  const struct noop *noop = instance;
  static char keys[CHUNK][KEY_BYTES];
  static carillon_new_item items[CHUNK];
  (void)run;
  for (unsigned long long done = 0; done < noop->count;) {
    uint32_t size = noop->count - done < CHUNK ? (uint32_t)(noop->count - done) : CHUNK;
    for (uint32_t i = 0; i < size; i++) {
      int length = snprintf(keys[i], KEY_BYTES, "%llu", done + i);
      items[i] = (carillon_new_item){.struct_size = sizeof items[i], .key = {keys[i], (uint64_t)length},
                                     .payload = {PAYLOAD, sizeof PAYLOAD - 1}};
    }
    int32_t status = sink->emit(sink->context, items, size, sizeof items[0]);
    if (status != CARILLON_OK) return status;
    done += size;
  }
  return CARILLON_OK;
}

static int32_t process(void *instance, const carillon_run *run, const carillon_batch *batch) {
  const carillon_host *host = ((struct noop *)instance)->host;
  const carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_SUCCEEDED};
  (void)run;
  for (uint32_t i = 0; i < batch->count; i++) host->complete(host, CARILLON_ITEM(batch, i)->id, &outcome);
  return CARILLON_OK;
}

static void destroy(void *instance) { free(instance); }

CARILLON_EXPORT const carillon_plugin *carillon_plugin_entry_v1(void) {
  static const carillon_plugin plugin = {
      .struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR, .abi_minor = CARILLON_ABI_MINOR,
      .describe = describe, .create = create, .discover = discover, .process = process, .destroy = destroy};
  return &plugin;
}
