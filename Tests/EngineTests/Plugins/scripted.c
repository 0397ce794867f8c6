// scripted: a plugin that does what its configuration says, line by line, so that a test reads as a story.
//
// Configuration: {"script": "KEY PRIORITY ACTION,ACTION,…\n…"}. The n-th try of an item does its n-th action, the last one for
// ever: ok, skip, fail, retry, retry:MS, rate:MS, down:NAME, emit:N (N children, then ok), event, output:TEXT, order (puts the key
// into a file), wait:MS, late:MS (waits, then emits three children), secret:NAME (its value as output), count (how often this job
// did it, as output), grow:MIB. Lines of another kind: "!break N" makes the first discovery fail after N items, with a checkpoint
// set before; "!pace MS" makes it slow; "!fall N" ends the process in the first N discoveries; "!die N FILE" makes the first N
// instances abort, counted in the file; "!pad N" makes payloads N bytes long; "!items N PRIORITY" names N items; "!stay" makes an
// instance never leave by itself, "!slow" makes it take long to start.
#include "carillon_plugin.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scripted {
  const carillon_host *host;
  char script[65536];
  int stays;
};

struct tries {
  char key[64];
  int count;
};

#define MAX_TRIES 65536
static struct tries tries[MAX_TRIES]; // found by hash, then by looking on

static carillon_bytes text(const char *words) { return (carillon_bytes){words, strlen(words)}; }

static int next_try(carillon_bytes key) {
  size_t at = 5381;
  for (uint64_t i = 0; i < key.size; i++) at = at * 33 + (unsigned char)key.data[i];
  for (size_t looked = 0; looked < MAX_TRIES; looked++, at++) {
    struct tries *found = &tries[at % MAX_TRIES];
    if (found->count == 0) snprintf(found->key, sizeof found->key, "%.*s", (int)key.size, key.data);
    if (strlen(found->key) == key.size && memcmp(found->key, key.data, key.size) == 0) return found->count++;
  }
  abort(); // more items than any test has
}

static carillon_bytes describe(void) {
  return text("{\"id\": \"scripted\", \"version\": \"1.0.0\", \"max_in_flight\": 4, \"workers\": 1}");
}

static void die_at_first(int times, const char *path) {
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0 || write(file, "x", 1) != 1) abort();
  if (lseek(file, 0, SEEK_END) <= times) abort();
  close(file);
}

static void *create(const carillon_host *host, carillon_bytes config) {
  struct scripted *self = calloc(1, sizeof *self);
  self->host = host;
  // {"script":"…"}: only \n is escaped in it.
  size_t out = 0;
  for (size_t i = 11; i + 2 < config.size && out + 1 < sizeof self->script; i++) {
    if (config.data[i] == '\\') self->script[out++] = '\n', i++;
    else self->script[out++] = config.data[i];
  }
  int times;
  char path[1024];
  const char *line = strstr(self->script, "!die ");
  if (line && sscanf(line, "!die %d %1023s", &times, path) == 2) die_at_first(times, path);
  if (strstr(self->script, "!slow")) sleep(25);
  self->stays = strstr(self->script, "!stay") != NULL;
  return self;
}

static char padding[256 * 1024];

static void die_for_the_first(struct scripted *self, int deaths) {
  uint64_t size = 0;
  char so_far[16] = {0};
  if (self->host->checkpoint_get(self->host, text("deaths"), so_far, sizeof so_far - 1, &size) != CARILLON_OK) size = 0;
  so_far[size] = 0;
  int count = atoi(so_far);
  if (count >= deaths) return;
  int length = snprintf(so_far, sizeof so_far, "%d", count + 1);
  self->host->checkpoint_put(self->host, text("deaths"), (carillon_bytes){so_far, (uint64_t)length});
  abort();
}

static int32_t discover(void *instance, const carillon_run *run, const carillon_sink *sink) {
  struct scripted *self = instance;
  (void)run;
  int number = 0, broken_at = 0, pace = 0, falls = 0, pad = 0, many = 0;
  int skipped = sink->checkpoint.size ? atoi(sink->checkpoint.data) : 0;
  char *copy = strdup(self->script), *rest = copy, *line;
  while ((line = strsep(&rest, "\n"))) {
    char key[64], actions[512];
    int priority;
    if (sscanf(line, "!break %d", &broken_at) == 1 || sscanf(line, "!pad %d", &pad) == 1) continue;
    if (sscanf(line, "!pace %d", &pace) == 1) continue;
    if (pace) usleep((useconds_t)pace * 1000);
    if (sscanf(line, "!fall %d", &falls) == 1) die_for_the_first(self, falls);
    if (sscanf(line, "!items %d %d", &many, &priority) == 2) {
      for (int i = 0; i < many; i++) {
        snprintf(key, sizeof key, "item-%d", i);
        carillon_new_item item = {
            .struct_size = sizeof item, .priority = priority, .key = text(key), .payload = text("ok")};
        if (sink->emit(sink->context, &item, 1, sizeof item) != CARILLON_OK) return CARILLON_CANCELLED;
      }
      continue;
    }
    if (line[0] == '!' || sscanf(line, "%63s %d %511s", key, &priority, actions) != 3) continue;
    if (number++ < skipped) continue;
    carillon_new_item item = {
        .struct_size = sizeof item, .priority = priority, .key = text(key), .payload = text(actions)};
    if (pad) {
      // The actions end at the first NUL byte.
      memcpy(padding, actions, strlen(actions) + 1);
      item.payload = (carillon_bytes){padding, (uint64_t)pad};
    }
    if (sink->emit(sink->context, &item, 1, sizeof item) != CARILLON_OK) return CARILLON_CANCELLED;
    if (number == broken_at && !skipped) {
      char mark[16];
      snprintf(mark, sizeof mark, "%d", number);
      sink->set_checkpoint(sink->context, text(mark));
      self->host->error(self->host, text("the list broke off"));
      free(copy);
      return CARILLON_ERROR;
    }
  }
  free(copy);
  return CARILLON_OK;
}

static void act(struct scripted *self, const carillon_run *run, const carillon_item *item) {
  const carillon_host *host = self->host;
  char actions[512], word[128] = "ok", argument[128] = "";
  snprintf(actions, sizeof actions, "%.*s", (int)item->payload.size, item->payload.data);
  int wanted = strchr(actions, ',') ? next_try(item->key) : 0;
  char *rest = actions, *action;
  for (int i = 0; (action = strsep(&rest, ",")) && i <= wanted; i++) {
    argument[0] = 0;
    sscanf(action, "%127[^:]:%127s", word, argument);
  }
  carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_SUCCEEDED};
  char reason[160];
  snprintf(reason, sizeof reason, "told to %s", word);
  outcome.reason = text(reason);
  if (run->flags & CARILLON_RUN_PLAN) outcome.effect = text("{\"would\":\"act\"}");
  if (!strcmp(word, "skip")) outcome.kind = CARILLON_SKIPPED;
  if (!strcmp(word, "fail")) outcome.kind = CARILLON_FAILED;
  if (!strcmp(word, "retry")) outcome.kind = CARILLON_RETRY, outcome.after_us = atoll(argument) * 1000;
  if (!strcmp(word, "rate")) outcome.kind = CARILLON_RATE_LIMITED, outcome.after_us = atoll(argument) * 1000;
  if (!strcmp(word, "down")) outcome.kind = CARILLON_UNAVAILABLE, outcome.dependency = text(argument), outcome.after_us = 1000;
  if (!strcmp(word, "output")) outcome.output = text(argument);
  if (!strcmp(word, "event")) host->emit_event(host, item->id, text("done"), text("{\"key\":1}"));
  if (!strcmp(word, "wait")) usleep((useconds_t)atoi(argument) * 1000);
  char value[256];
  uint64_t value_size = 0;
  if (!strcmp(word, "secret")) {
    int32_t status = host->secret(host, text(argument), value, sizeof value, &value_size);
    if (status == CARILLON_OK) outcome.output = (carillon_bytes){value, value_size};
    else outcome.kind = CARILLON_FAILED;
  }
  if (!strcmp(word, "count")) {
    if (host->checkpoint_get(host, text("count"), value, sizeof value - 1, &value_size) != CARILLON_OK) value_size = 0;
    value[value_size] = 0;
    int length = snprintf(value, sizeof value, "%d", atoi(value) + 1);
    outcome.output = (carillon_bytes){value, (uint64_t)length};
    if (host->checkpoint_put(host, text("count"), outcome.output) != CARILLON_OK) outcome.kind = CARILLON_FAILED;
  }
  if (!strcmp(word, "grow")) {
    size_t size = (size_t)atoi(argument) << 20;
    char *kept = malloc(size); // for good: what is tried is a plugin that leaks
    if (kept) memset(kept, 1, size);
  }
  int children = !strcmp(word, "emit") ? atoi(argument) : 0;
  if (!strcmp(word, "late")) usleep((useconds_t)atoi(argument) * 1000), children = 3;
  if (children) {
    for (int i = 1; i <= children; i++) {
      char key[96];
      snprintf(key, sizeof key, "%.*s-%d", (int)item->key.size, item->key.data, i);
      carillon_new_item child = {.struct_size = sizeof child, .key = text(key), .payload = text("ok")};
      host->emit_items(host, item->id, &child, 1, sizeof child);
    }
  }
  if (!strcmp(word, "order")) {
    uint64_t size = 0;
    char so_far[4096], all[4200];
    if (host->checkpoint_get(host, text("order"), so_far, sizeof so_far, &size) != CARILLON_OK) size = 0;
    int length = snprintf(all, sizeof all, "%.*s%.*s ", (int)size, so_far, (int)item->key.size, item->key.data);
    host->checkpoint_put(host, text("order"), (carillon_bytes){all, (uint64_t)length});
  }
  host->complete(host, item->id, &outcome);
}

static int32_t process(void *instance, const carillon_run *run, const carillon_batch *batch) {
  for (uint32_t i = 0; i < batch->count; i++) act(instance, run, CARILLON_ITEM(batch, i));
  return CARILLON_OK;
}

static int32_t finish(void *instance, const carillon_run *run, const carillon_summary *summary) {
  struct scripted *self = instance;
  (void)run;
  carillon_result result = {.struct_size = sizeof result};
  int seen = 0;
  while (summary->next(summary->context, &result) == CARILLON_OK) seen++;
  char report[64];
  snprintf(report, sizeof report, "{\"seen\":%d,\"succeeded\":%d}", seen, (int)summary->succeeded);
  self->host->report(self->host, text(report));
  self->host->artifact_put(self->host, 0, text("list.txt"), text("text/plain"), text(report));
  return CARILLON_OK;
}

static void destroy(void *instance) {
  struct scripted *self = instance;
  while (self->stays) pause();
  free(self);
}

CARILLON_EXPORT const carillon_plugin *carillon_plugin_entry_v1(void) {
  static const carillon_plugin plugin = {
      .struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR, .abi_minor = CARILLON_ABI_MINOR,
      .describe = describe, .create = create, .discover = discover, .process = process, .finish = finish,
      .destroy = destroy};
  return &plugin;
}
