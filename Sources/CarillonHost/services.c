// What the host does for a plugin: the functions of `carillon_host` that need no file of their own.

#include "host.h"

#include <stdio.h>

#define MAX_EVENTS 64u

static void send_log(uint64_t item, uint32_t level, carillon_bytes message) {
  struct buffer body = {0};
  put_u64(&body, item);
  put_u32(&body, level >= CARILLON_DEBUG && level <= CARILLON_LOG_ERROR ? level : CARILLON_INFO);
  put_str(&body, cut(message, CARILLON_MAX_REASON_BYTES));
  frame_send_buffer(CARILLON_FRAME_LOG, &body);
}

void host_log(uint64_t item, uint32_t level, const char *format, ...) {
  char line[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  send_log(item, level, text(line));
}

static void plugin_log(const carillon_host *self, uint64_t item, uint32_t level, carillon_bytes message) {
  send_log(item, level, message);
}

static void begin(const carillon_host *self, uint64_t id) {
  pthread_mutex_lock(&host.lock);
  struct item *item = item_find(id);
  if (item && item->begun_us == 0) {
    item->begun_us = monotonic_us();
    want_ticks();
  }
  pthread_mutex_unlock(&host.lock);
}

static int32_t is_cancelled(const carillon_host *self, uint64_t id) {
  pthread_mutex_lock(&host.lock);
  struct item *item = id ? item_find(id) : NULL;
  bool cancelled = host.cancel_all || (item && item->cancelled);
  pthread_mutex_unlock(&host.lock);
  return cancelled;
}

static int64_t deadline_us(const carillon_host *self, uint64_t id) {
  pthread_mutex_lock(&host.lock);
  struct item *item = id ? item_find(id) : NULL;
  int64_t deadline = host.run.deadline_us;
  if (item && item->batch->timeout_us > 0) {
    int64_t left = item_started_us(item) + item->batch->timeout_us - monotonic_us();
    int64_t own = realtime_us() + left;
    if (deadline <= 0 || own < deadline) deadline = own;
  }
  pthread_mutex_unlock(&host.lock);
  return deadline;
}

static uint64_t idempotency_key(const carillon_host *self, uint64_t id, char *buffer, uint64_t capacity) {
  pthread_mutex_lock(&host.lock);
  struct item *item = item_find(id);
  carillon_bytes run = host.run.id;
  uint64_t size = item ? run.size + 1 + item->shown.key.size : 0;
  if (item && buffer && size <= capacity) {
    if (run.size) memcpy(buffer, run.data, run.size);
    buffer[run.size] = '/';
    memcpy(buffer + run.size + 1, item->shown.key.data, item->shown.key.size);
  }
  pthread_mutex_unlock(&host.lock);
  return size;
}

static void progress(const carillon_host *self, uint64_t item, uint64_t done, uint64_t total) {
  struct buffer body = {0};
  put_u64(&body, item);
  put_u64(&body, done);
  put_u64(&body, total);
  frame_send_buffer(CARILLON_FRAME_PROGRESS, &body);
}

static void error(const carillon_host *self, carillon_bytes message) {
  message = cut(message, CARILLON_MAX_REASON_BYTES);
  pthread_mutex_lock(&host.lock);
  host.error.size = 0;
  put_raw(&host.error, message.data, message.size);
  pthread_mutex_unlock(&host.lock);
}

static int32_t emit_event(const carillon_host *self, uint64_t id, carillon_bytes type, carillon_bytes json) {
  if (!is_name(type, CARILLON_MAX_KEY_BYTES) || !readable(json) || json.size > CARILLON_MAX_EVENT_BYTES)
    return CARILLON_REFUSED;
  pthread_mutex_lock(&host.lock);
  struct item *item = id ? item_find(id) : NULL;
  bool accepted = item ? item->events < MAX_EVENTS : id == 0 && host.in_call == CARILLON_IN_FINISH;
  if (item && accepted) item->events++;
  pthread_mutex_unlock(&host.lock);
  if (!accepted) return CARILLON_REFUSED;
  struct buffer body = {0};
  put_u64(&body, id);
  put_str(&body, type);
  put_str(&body, json);
  frame_send_buffer(CARILLON_FRAME_EVENT, &body);
  return CARILLON_OK;
}

static int32_t report(const carillon_host *self, carillon_bytes json) {
  pthread_mutex_lock(&host.lock);
  bool finishing = host.in_call == CARILLON_IN_FINISH;
  pthread_mutex_unlock(&host.lock);
  if (!finishing || !readable(json) || json.size > CARILLON_MAX_OUTPUT_BYTES) return CARILLON_REFUSED;
  struct buffer body = {0};
  put_str(&body, json);
  frame_send_buffer(CARILLON_FRAME_REPORT, &body);
  return CARILLON_OK;
}

static const void *extension(const carillon_host *self, const char *id) { return NULL; }

const carillon_host services = {
    .struct_size = sizeof services,
    .abi_major = CARILLON_ABI_MAJOR,
    .abi_minor = CARILLON_ABI_MINOR,
    .complete = item_complete,
    .begin = begin,
    .is_cancelled = is_cancelled,
    .deadline_us = deadline_us,
    .idempotency_key = idempotency_key,
    .log = plugin_log,
    .progress = progress,
    .error = error,
    .checkpoint_get = checkpoint_get,
    .checkpoint_put = checkpoint_put,
    .emit_items = emit_items,
    .emit_event = emit_event,
    .artifact_put = artifact_put,
    .report = report,
    .secret = secret_get,
    .extension = extension,
};
