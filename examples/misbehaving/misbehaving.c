// misbehaving: names items, does them, and breaks every rule there is where its configuration says so (see README.md).

#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef MAX_IN_FLIGHT
#define MAX_IN_FLIGHT 64
#endif
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

static carillon_bytes describe(void) {
  return bytes_of("{\"id\": \"misbehaving\", \"version\": \"1.0.0\", \"summary\": \"Breaks rules on demand\","
                  " \"max_in_flight\": " TEXT(MAX_IN_FLIGHT) ", \"item_timeout_s\": 30}");
}

static bool read_fault(struct json *in, struct fault *fault) {
  char name[32];
  double number;
  *fault = (struct fault){.times = UINT32_MAX};
  if (!json_take(in, '{')) return false;
  for (bool first = true; json_next(in, &first, '}');) {
    if (!json_string(in, name, sizeof name) || !json_take(in, ':')) return false;
    if (strcmp(name, "key") == 0) {
      if (!json_string(in, fault->key, sizeof fault->key)) return false;
    } else if (strcmp(name, "fault") == 0) {
      if (!json_string(in, fault->what, sizeof fault->what)) return false;
    } else {
      if (!json_number(in, &number) || number < 0) return false;
      if (strcmp(name, "ms") == 0) fault->ms = (uint32_t)number;
      else if (strcmp(name, "times") == 0) fault->times = (uint32_t)number;
      else if (strcmp(name, "count") == 0) fault->count = (uint32_t)number;
      else return false;
    }
  }
  return in->at[-1] == '}' && fault->key[0] && fault_is_known(fault->what);
}

static bool read_config(carillon_bytes config, struct misbehaving *self) {
  struct json in = {config.data, config.data + config.size};
  char name[32];
  double number;
  if (!json_take(&in, '{')) return false;
  for (bool first = true; json_next(&in, &first, '}');) {
    if (!json_string(&in, name, sizeof name) || !json_take(&in, ':')) return false;
    if (strcmp(name, "items") == 0 && json_number(&in, &number)) {
      self->items = (uint64_t)number;
    } else if (strcmp(name, "work_us") == 0 && json_number(&in, &number)) {
      self->work_us = (uint64_t)number;
    } else if (strcmp(name, "ledger") == 0 && json_string(&in, self->ledger_path, sizeof self->ledger_path)) {
      continue;
    } else if (strcmp(name, "ledger_runs") == 0 && json_number(&in, &number)) {
      self->ledger_runs = number != 0;
    } else if (strcmp(name, "faults") == 0 && json_take(&in, '[')) {
      for (bool another = true; json_next(&in, &another, ']');)
        if (self->fault_count == MAX_FAULTS || !read_fault(&in, &self->faults[self->fault_count++])) return false;
      if (in.at[-1] != ']') return false;
    } else {
      return false;
    }
  }
  return in.at[-1] == '}';
}

static int32_t check(carillon_bytes config, const carillon_diagnostics *diagnostics) {
  struct misbehaving *self = calloc(1, sizeof *self);
  bool valid = self && read_config(config, self);
  free(self);
  if (valid) return CARILLON_OK;
  diagnostics->report(diagnostics->context, 1, bytes_of(""), bytes_of("not a configuration of this plugin: see its README"));
  return CARILLON_ERROR;
}

static void *create(const carillon_host *host, carillon_bytes config) {
  struct misbehaving *self = calloc(1, sizeof *self);
  const char *wrong = !self ? "no memory" : !read_config(config, self) ? "not a configuration of this plugin" : NULL;
  if (!wrong) {
    self->host = host;
    // Opened now: an item that leaks every descriptor must not keep the others from being accounted for.
    self->ledger = self->ledger_path[0] ? open(self->ledger_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (self->ledger >= 0 || !self->ledger_path[0]) return self;
    wrong = strerror(errno);
  }
  host->error(host, bytes_of(wrong));
  free(self);
  return NULL;
}

static int32_t discover(void *instance, const carillon_run *run, const carillon_sink *sink) {
  const struct misbehaving *self = instance;
  (void)run;
  for (uint64_t i = 1; i <= self->items; i++) {
    char key[32];
    snprintf(key, sizeof key, "item-%llu", (unsigned long long)i);
    carillon_new_item item = {.struct_size = sizeof item, .key = bytes_of(key), .payload = bytes_of("{}")};
    int32_t status = sink->emit(sink->context, &item, 1, sizeof item);
    if (status != CARILLON_OK) return status;
  }
  return CARILLON_OK;
}

static const struct fault *fault_of(const struct misbehaving *self, const carillon_item *item) {
  for (uint32_t i = 0; i < self->fault_count; i++) {
    const struct fault *fault = &self->faults[i];
    if (strlen(fault->key) == item->key.size && memcmp(fault->key, item->key.data, item->key.size) == 0)
      return item->attempt <= fault->times ? fault : NULL;
  }
  return NULL;
}

// The instant that a run stands for; 0: none, or an older host that does not say.
static int64_t due_at(const carillon_run *run) {
  const size_t known = offsetof(carillon_run, due_at_us) + sizeof run->due_at_us;
  return run->struct_size >= known ? run->due_at_us : 0;
}

// Says in the ledger that an item is done, durably and before the host hears of it: who counts the lines afterwards knows
// that no outcome stands for work that was never done.
static bool enter_in_ledger(const struct misbehaving *self, const carillon_run *run, const carillon_item *item) {
  char line[3 * CARILLON_MAX_KEY_BYTES + 128];
  char what_for[CARILLON_MAX_KEY_BYTES + 32] = "";
  char whole[CARILLON_MAX_KEY_BYTES + 64];
  carillon_bytes key = item->key;
  if (self->ledger < 0) return true;
  if (self->ledger_runs) {
    key.size = self->host->idempotency_key(self->host, item->id, whole, sizeof whole);
    key.data = whole;
    if (key.size > sizeof whole) return false;
    snprintf(what_for, sizeof what_for, " %.*s %lld", (int)run->job.size, run->job.data, (long long)due_at(run));
  }
  int size = snprintf(line, sizeof line, "%.*s %u %d%s\n", (int)key.size, key.data, item->attempt, (int)getpid(), what_for);
  return write(self->ledger, line, (size_t)size) == size && fdatasync(self->ledger) == 0;
}

static int32_t process(void *instance, const carillon_run *run, const carillon_batch *batch) {
  const struct misbehaving *self = instance;
  for (uint32_t i = 0; i < batch->count; i++) {
    const carillon_item *item = CARILLON_ITEM(batch, i);
    carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_SUCCEEDED};
    self->host->begin(self->host, item->id);
    const struct fault *fault = fault_of(self, item);
    enum next next = fault ? commit(self, fault, item, &outcome) : DO_IT;
    if (next == LEAVE_IT) continue;
    if (next == DO_IT) {
      if (self->work_us) sleep_us(self->work_us);
      if (!enter_in_ledger(self, run, item)) {
        outcome.kind = CARILLON_RETRY;
        outcome.reason = bytes_of("the ledger cannot be written");
      }
    }
    self->host->complete(self->host, item->id, &outcome);
    if (fault && strcmp(fault->what, "complete-twice") == 0) self->host->complete(self->host, item->id, &outcome);
  }
  return CARILLON_OK;
}

static void destroy(void *instance) {
  struct misbehaving *self = instance;
  if (self->ledger >= 0) close(self->ledger);
  free(self);
}

CARILLON_EXPORT const carillon_plugin *carillon_plugin_entry_v1(void) {
  static const carillon_plugin plugin = {
      .struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR, .abi_minor = CARILLON_ABI_MINOR,
      .describe = describe, .check = check, .create = create, .discover = discover, .process = process,
      .destroy = destroy};
  return &plugin;
}
