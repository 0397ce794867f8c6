// probe: does what the first word of its configuration says, so that a test can watch the host bear it.
// Built with -D... it is also every plugin that a host must refuse.

#include "carillon_plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef PLUGIN_MAJOR
#define PLUGIN_MAJOR CARILLON_ABI_MAJOR
#endif
#ifndef PLUGIN_SIZE
#define PLUGIN_SIZE sizeof(carillon_plugin)
#endif
#ifndef MANIFEST
#define MANIFEST "{\"id\": \"probe\", \"version\": \"1\", \"max_in_flight\": 64}"
#endif

static const carillon_host *host;
static char mode[64];

static carillon_bytes bytes_of(const char *text) { return (carillon_bytes){text, strlen(text)}; }
static int is(const char *name) { return strcmp(mode, name) == 0; }

static carillon_bytes describe(void) { return bytes_of(MANIFEST); }

static int32_t check(carillon_bytes config, const carillon_diagnostics *diagnostics) {
  if (config.size == 2) return CARILLON_OK;
  diagnostics->report(diagnostics->context, 0, bytes_of(""), bytes_of("a warning"));
  diagnostics->report(diagnostics->context, 1, bytes_of("/x"), bytes_of("an error"));
  return 77; // an unknown status
}

static void *create(const carillon_host *given, carillon_bytes config) {
  host = given;
  memcpy(mode, config.data, config.size < sizeof mode ? config.size : sizeof mode - 1);
  if (is("no-instance")) return NULL;
  if (is("no-instance-why")) {
    host->error(host, bytes_of("no such bucket"));
    return NULL;
  }
  return mode;
}

static int32_t discover(void *instance, const carillon_run *run, const carillon_sink *sink) {
  if (is("bad-items")) {
    static char long_key[CARILLON_MAX_KEY_BYTES + 1];
    memset(long_key, 'k', sizeof long_key);
    carillon_new_item items[2] = {{.struct_size = sizeof *items, .key = bytes_of("good")},
                                  {.struct_size = sizeof *items, .key = {long_key, sizeof long_key}}};
    if (sink->emit(sink->context, items, 2, sizeof *items) != CARILLON_REFUSED) return CARILLON_ERROR;
    items[1].key = (carillon_bytes){"a\0b", 3};
    if (sink->emit(sink->context, items, 2, sizeof *items) != CARILLON_REFUSED) return CARILLON_ERROR;
    items[1].key = (carillon_bytes){NULL, 0};
    if (sink->emit(sink->context, items, 2, sizeof *items) != CARILLON_REFUSED) return CARILLON_ERROR;
    return CARILLON_OK;
  }
  // Three frames' worth, one at a time, with a checkpoint after all of them.
  for (int i = 0; i < 3 * 1024; i++) {
    char key[16];
    snprintf(key, sizeof key, "%d", i);
    carillon_new_item item = {.struct_size = sizeof item, .key = bytes_of(key)};
    int32_t status = sink->emit(sink->context, &item, 1, sizeof item);
    if (status == CARILLON_CANCELLED && is("deaf")) continue;
    if (status != CARILLON_OK) return status;
  }
  if (is("deaf")) return CARILLON_OK;
  return sink->set_checkpoint(sink->context, bytes_of("after 3072"));
}

static int32_t finished(uint64_t item, const char *output) {
  carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_SUCCEEDED, .output = bytes_of(output)};
  return host->complete(host, item, &outcome);
}

static void leave_traces(uint64_t item) {
  carillon_new_item added[2] = {{.struct_size = sizeof *added, .key = bytes_of("child-1")},
                                {.struct_size = sizeof *added, .key = bytes_of("child-2"), .payload = bytes_of("7")}};
  host->emit_event(host, item, bytes_of("image_processed"), bytes_of("{}"));
  host->emit_items(host, item, added, 2, sizeof *added);
  host->artifact_put(host, item, bytes_of("list.txt"), bytes_of("text/plain"), bytes_of("first\n"));
  host->artifact_put(host, item, bytes_of("list.txt"), bytes_of("text/plain"), bytes_of("second\n"));
  host->log(host, item, 99, bytes_of("nearly done"));
  host->progress(host, item, 1, 2);
}

// One character for each call: the status that came back.
static void ask_for_trouble(uint64_t item) {
  static char large[CARILLON_MAX_PAYLOAD_BYTES + 1];
  char answers[32] = {0}, small[4];
  uint64_t size;
  int count = 0;
  carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_SUCCEEDED};
  memset(large, 'x', sizeof large);
#define EXPECT(call) answers[count++] = (char)('0' + (call))
  outcome.output = (carillon_bytes){large, CARILLON_MAX_OUTPUT_BYTES + 1};
  EXPECT(host->complete(host, item, &outcome));
  outcome.output = (carillon_bytes){0};
  EXPECT(host->complete(host, item + 1000000, &outcome));
  outcome.struct_size = 0;
  EXPECT(host->complete(host, item, &outcome));
  EXPECT(host->artifact_put(host, item, bytes_of("../out"), bytes_of(""), bytes_of("")));
  EXPECT(host->artifact_put(host, item, bytes_of(".hidden"), bytes_of(""), bytes_of("")));
  EXPECT(host->emit_event(host, item, bytes_of("e"), (carillon_bytes){large, CARILLON_MAX_EVENT_BYTES + 1}));
  EXPECT(host->emit_event(host, 0, bytes_of("e"), bytes_of("{}")));
  EXPECT(host->report(host, bytes_of("{}")));
  EXPECT(host->checkpoint_put(host, bytes_of(""), bytes_of("v")));
  EXPECT(host->checkpoint_get(host, bytes_of("k"), NULL, sizeof small, &size));
  EXPECT(host->emit_items(host, item + 1000000, NULL, 1, 40));
  carillon_new_item fat = {.struct_size = sizeof fat, .key = bytes_of("k"), .payload = {large, sizeof large}};
  EXPECT(host->emit_items(host, item, &fat, 1, sizeof fat));
#undef EXPECT
  if (host->extension(host, "carillon.none/1") == NULL) answers[count++] = 'n';
  finished(item, answers);
}

static void ask_daemon(uint64_t item) {
  char value[64] = {0}, secret[8] = {0}, answer[128];
  uint64_t size = 0, whole = 0;
  int32_t got = host->checkpoint_get(host, bytes_of("cursor"), value, sizeof value, &size);
  int32_t put = host->checkpoint_put(host, bytes_of("cursor"), bytes_of("43"));
  int32_t refused = host->secret(host, bytes_of("token"), secret, 2, &whole);
  int32_t absent = host->secret(host, bytes_of("none"), secret, sizeof secret, &size);
  snprintf(answer, sizeof answer, "%d %s %d %d %d %d", got, value, put, refused, (int)whole, absent);
  finished(item, answer);
}

// A reason whose limit falls into the middle of a character.
static void complain(uint64_t item) {
  static char reason[CARILLON_MAX_REASON_BYTES + 3];
  carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_FAILED, .reason = {reason, sizeof reason}};
  reason[0] = 'a';
  for (size_t i = 1; i + 1 < sizeof reason; i += 2) memcpy(reason + i, "\xc3\xa9", 2);
  host->complete(host, item, &outcome);
}

static void put_much_out(uint64_t item) {
  static char output[CARILLON_MAX_OUTPUT_BYTES + 1];
  memset(output, '7', CARILLON_MAX_OUTPUT_BYTES);
  finished(item, output);
}

static void *later(void *argument) {
  uint64_t *item = argument;
  carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_SUCCEEDED};
  host->begin(host, *item);
  if (!host->is_cancelled(host, *item) && host->deadline_us(host, *item) > 0) {
    host->log(host, *item, CARILLON_INFO, bytes_of("from a thread"));
    host->complete(host, *item, &outcome);
  }
  free(item);
  return NULL;
}

static void in_a_thread(uint64_t id) {
  uint64_t *item = malloc(sizeof *item);
  pthread_t thread;
  *item = id;
  pthread_create(&thread, NULL, later, item);
  pthread_detach(thread);
}

static void count_descriptors(uint64_t item) {
  char answer[32];
  int highest = -1;
  for (int opened; (opened = open("/dev/null", O_RDONLY)) >= 0;) highest = opened;
  snprintf(answer, sizeof answer, "%d %d", highest, errno == EMFILE);
  finished(item, answer);
}

static void name_itself(uint64_t item, const carillon_run *run) {
  char key[64] = {0};
  uint64_t size = host->idempotency_key(host, item, key, sizeof key - 1);
  int64_t ahead = host->deadline_us(host, item) - run->started_at_us;
  char answer[128];
  snprintf(answer, sizeof answer, "%s %d %d", size == strlen(key) ? key : "?", ahead > 0, run->flags);
  finished(item, answer);
}

static int32_t process(void *instance, const carillon_run *run, const carillon_batch *batch) {
  for (uint32_t i = 0; i < batch->count; i++) {
    const carillon_item *item = CARILLON_ITEM(batch, i);
    if (is("traces")) leave_traces(item->id);
    else if (is("trouble")) { ask_for_trouble(item->id); continue; }
    else if (is("ask")) { ask_daemon(item->id); continue; }
    else if (is("threads")) { in_a_thread(item->id); continue; }
    else if (is("descriptors")) { count_descriptors(item->id); continue; }
    else if (is("name")) { name_itself(item->id, run); continue; }
    else if (is("complain")) { complain(item->id); continue; }
    else if (is("much")) { put_much_out(item->id); continue; }
    else if (is("memory")) { finished(item->id, malloc(1u << 30) ? "much" : "little"); continue; }
    else if (is("stdout")) { printf("before the end\n"); fprintf(stderr, "and an error\n"); abort(); }
    else if (is("fork")) { if (fork() == 0) for (;;) pause(); abort(); }
    else if (is("never") && i > 0) continue;
    else if (is("error")) { host->error(host, bytes_of("the disk is full")); return CARILLON_ERROR; }
    else if (is("strange")) return 4711;
    else if (is("pending")) { host->log(host, item->id, CARILLON_INFO, bytes_of("taken")); continue; }
    else if (is("begin-and-hang")) { host->begin(host, item->id); for (;;) pause(); }
    finished(item->id, "");
  }
  return is("threads") || is("pending") ? CARILLON_PENDING : CARILLON_OK;
}

static int32_t finish(void *instance, const carillon_run *run, const carillon_summary *summary) {
  carillon_result result = {.struct_size = sizeof result};
  char json[64];
  uint64_t attempts = 0, read = 0;
  int32_t status;
  while ((status = summary->next(summary->context, &result)) == CARILLON_OK) {
    attempts += result.attempts;
    read += result.key.size + result.payload.size + result.output.size + result.reason.size;
  }
  snprintf(json, sizeof json, "{\"attempts\": %d, \"bytes\": %d}", (int)attempts, (int)read);
  host->emit_event(host, 0, bytes_of("run_ended"), bytes_of("{}"));
  host->report(host, bytes_of(json));
  return status == CARILLON_ABSENT ? CARILLON_OK : CARILLON_ERROR;
}

// What was left open is completed here, on the control thread, where questions to the daemon must not be asked.
static void cancel(void *instance, uint64_t item) {
  char value[4];
  uint64_t size;
  carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_RETRY, .reason = bytes_of("told to stop")};
  if (item == 0 || !is("pending")) return;
  if (host->secret(host, bytes_of("token"), value, sizeof value, &size) != CARILLON_REFUSED) abort();
  host->complete(host, item, &outcome);
}

static void destroy(void *instance) { printf("destroyed"); }

#ifndef NO_ENTRY
CARILLON_EXPORT const carillon_plugin *carillon_plugin_entry_v1(void) {
  static const carillon_plugin plugin = {.struct_size = PLUGIN_SIZE, .abi_major = PLUGIN_MAJOR,
                                         .describe = describe,
#ifndef NO_PROCESS
                                         .process = process,
#endif
                                         .check = check, .create = create, .discover = discover,
                                         .finish = finish, .cancel = cancel, .destroy = destroy};
#ifdef NO_PLUGIN
  return NULL;
#endif
  return &plugin;
}
#endif
