// hello: the smallest whole plugin. It names `count` items and greets each of them.
//
// Configuration: {"count": 3}. Nothing but carillon_plugin.h and the C library is needed.

#include "carillon_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hello {
  const carillon_host *host; // outlives us
  unsigned long count;
};

static carillon_bytes bytes_of(const char *text) {
  carillon_bytes bytes = {text, strlen(text)};
  return bytes;
}

static carillon_bytes describe(void) {
  return bytes_of("{\"id\": \"hello-c\", \"version\": \"1.0.0\", \"summary\": \"Greets a number of items\","
                  " \"max_in_flight\": 16, \"item_timeout_s\": 10}");
}

// The number behind "count", or 3. A real plugin would use a JSON library here.
static unsigned long count_in(carillon_bytes config) {
  char copy[256] = {0}; // the configuration does not end in a NUL byte
  memcpy(copy, config.data, config.size < sizeof copy ? config.size : sizeof copy - 1);
  const char *found = strstr(copy, "\"count\"");
  found = found ? strchr(found, ':') : NULL;
  return found ? strtoul(found + 1, NULL, 10) : 3;
}

// A dry look at the configuration: every finding is reported, none is acted on.
static int32_t check(carillon_bytes config, const carillon_diagnostics *diagnostics) {
  if (count_in(config) > 0) return CARILLON_OK;
  diagnostics->report(diagnostics->context, 1, bytes_of("/count"), bytes_of("must be at least 1"));
  return CARILLON_ERROR;
}

static void *create(const carillon_host *host, carillon_bytes config) {
  struct hello *hello = calloc(1, sizeof *hello);
  if (!hello) {
    host->error(host, bytes_of("no memory"));
    return NULL;
  }
  hello->host = host;
  hello->count = count_in(config);
  return hello;
}

// Names the items. A key says what an item is; the same work should get the same key in every run.
static int32_t discover(void *instance, const carillon_run *run, const carillon_sink *sink) {
  const struct hello *hello = instance;
  (void)run;
  for (unsigned long i = 1; i <= hello->count; i++) {
    char key[32];
    snprintf(key, sizeof key, "guest-%lu", i);
    carillon_new_item item = {.struct_size = sizeof item, .key = bytes_of(key)};
    int32_t status = sink->emit(sink->context, &item, 1, sizeof item);
    if (status != CARILLON_OK) return status; // cancelled
  }
  return CARILLON_OK;
}

// Does the items. In plan mode it says what it would do, and does not do it.
static int32_t process(void *instance, const carillon_run *run, const carillon_batch *batch) {
  const struct hello *hello = instance;
  for (uint32_t i = 0; i < batch->count; i++) {
    const carillon_item *item = CARILLON_ITEM(batch, i);
    hello->host->begin(hello->host, item->id);
    char json[128];
    snprintf(json, sizeof json, "{\"greeting\": \"Hello, %.*s\"}", (int)item->key.size, item->key.data);
    carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_SUCCEEDED};
    if (run->flags & CARILLON_RUN_PLAN) {
      outcome.effect = bytes_of(json);
    } else {
      printf("Hello, %.*s\n", (int)item->key.size, item->key.data); // becomes a line in the run's log
      outcome.output = bytes_of(json);
    }
    hello->host->complete(hello->host, item->id, &outcome);
  }
  return CARILLON_OK;
}

static void destroy(void *instance) { free(instance); }

CARILLON_EXPORT const carillon_plugin *carillon_plugin_entry_v1(void) {
  static const carillon_plugin plugin = {
      .struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR, .abi_minor = CARILLON_ABI_MINOR,
      .describe = describe, .check = check, .create = create, .discover = discover, .process = process,
      .destroy = destroy};
  return &plugin;
}
