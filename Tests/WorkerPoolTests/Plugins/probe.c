// probe: a plugin that is built wrong in one way or another, by a macro.
//
//   NO_ENTRY           exports nothing            OLD_ABI            speaks ABI major 99
//   BAD_MANIFEST       describes itself in prose  WRONG_MANIFEST     asks for 0 items in flight
//   HANG_IN_CREATE     never returns              FAIL_IN_CREATE     says no, with its reason
//   DIE_IN_CREATE      prints and aborts          HANG_IN_DESTROY    never leaves by itself
//   FLOOD              prints without end, from a thread, once an instance is made
#include "carillon_plugin.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static carillon_bytes text(const char *words) { return (carillon_bytes){words, strlen(words)}; }

static carillon_bytes describe(void) {
#if defined BAD_MANIFEST
  return text("a fine plugin");
#elif defined WRONG_MANIFEST
  return text("{\"id\": \"probe\", \"version\": \"1\", \"max_in_flight\": 0}");
#else
  return text("{\"id\": \"probe\", \"version\": \"1.2.3\", \"max_in_flight\": 7, \"item_timeout_s\": 2.5}");
#endif
}

static int32_t check(carillon_bytes config, const carillon_diagnostics *diagnostics) {
  if (config.size == 2) return CARILLON_OK;
  diagnostics->report(diagnostics->context, 0, text("/soon"), text("is deprecated"));
  diagnostics->report(diagnostics->context, 1, text("/here"), text("is not right"));
  return CARILLON_ERROR;
}

#ifdef FLOOD
static void *flood(void *unused) {
  static char line[4000];
  memset(line, 'x', sizeof line);
  line[sizeof line - 1] = '\n';
  for (;;)
    if (write(1, line, sizeof line) < 0) return unused;
}
#endif

static void *create(const carillon_host *host, carillon_bytes config) {
  (void)config;
#if defined HANG_IN_CREATE
  for (;;) pause();
#elif defined FAIL_IN_CREATE
  host->error(host, text("the moon is in the wrong house"));
  return NULL;
#elif defined DIE_IN_CREATE
  fprintf(stderr, "first words\nlast words\n");
  abort();
#elif defined FLOOD
  pthread_t thread;
  pthread_create(&thread, NULL, flood, NULL);
#endif
  return (void *)host;
}

static int32_t discover(void *instance, const carillon_run *run, const carillon_sink *sink) {
  (void)instance, (void)run, (void)sink;
  return CARILLON_OK;
}

static int32_t process(void *instance, const carillon_run *run, const carillon_batch *batch) {
  (void)instance, (void)run, (void)batch;
  return CARILLON_OK;
}

static void destroy(void *instance) {
  (void)instance;
#ifdef HANG_IN_DESTROY
  for (;;) pause();
#endif
}

#ifdef NO_ENTRY
#define ENTRY some_other_function
#else
#define ENTRY carillon_plugin_entry_v1
#endif
#ifdef OLD_ABI
#define MAJOR 99
#else
#define MAJOR CARILLON_ABI_MAJOR
#endif

CARILLON_EXPORT const carillon_plugin *ENTRY(void) {
  static const carillon_plugin plugin = {
      .struct_size = sizeof plugin, .abi_major = MAJOR, .abi_minor = CARILLON_ABI_MINOR, .describe = describe,
      .check = check, .create = create, .discover = discover, .process = process, .destroy = destroy};
  return &plugin;
}
