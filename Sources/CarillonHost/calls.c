// The main thread's calls into the plugin: each frame that asks for one, and its answer.

#include "host.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static bool loaded;

static void enter(uint32_t call) {
  pthread_mutex_lock(&host.lock);
  host.in_call = call;
  host.in_call_since_us = monotonic_us();
  host.error.size = 0;
  pthread_mutex_unlock(&host.lock);
}

static void leave(void) { enter(CARILLON_IN_NOTHING); }

// Ends a call and puts together why it failed, in memory that the caller frees. Empty when it did not.
static struct buffer leave_with(int32_t status) {
  struct buffer why = {0};
  pthread_mutex_lock(&host.lock);
  if (status == CARILLON_ERROR) {
    carillon_bytes said = {.data = (const char *)host.error.data, .size = host.error.size};
    if (said.size == 0) said = text("the plugin gave no reason");
    put_raw(&why, said.data, said.size);
  }
  pthread_mutex_unlock(&host.lock);
  leave();
  return why;
}

static void answer(uint16_t type, int32_t status, struct buffer why) {
  struct buffer body = {0};
  put_u32(&body, (uint32_t)status);
  put_str(&body, (carillon_bytes){.data = (const char *)why.data, .size = why.size});
  frame_send_buffer(type, &body);
  buffer_free(&why);
}

static void limit(int resource, uint64_t most) {
  struct rlimit limit = {.rlim_cur = most, .rlim_max = most};
  if (setrlimit(resource, &limit) != 0) die(EXIT_NO_MEMORY, "cannot set a limit to %llu", (unsigned long long)most);
}

static void call_load(struct reader in) {
  uint64_t memory = get_u64(&in);
  uint32_t descriptors = get_u32(&in);
  uint32_t flags = get_u32(&in);
  carillon_bytes path = get_str(&in);
  if (!reader_done(&in) || loaded || memchr(path.data ? path.data : "", 0, path.size)) frame_broken("LOAD");
  char *terminated = host_alloc(path.size + 1);
  memcpy(terminated, path.data, path.size);
  // Before dlopen: the library's constructors are the plugin's code already.
  if (!(flags & CARILLON_LOAD_NEW_PRIVILEGES)) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (memory) limit(RLIMIT_AS, memory);
  if (descriptors) limit(RLIMIT_NOFILE, descriptors);

  carillon_bytes manifest;
  struct refusal why;
  struct buffer body = {0};
  enter(CARILLON_IN_LOAD);
  loaded = plugin_load(terminated, &manifest, &why);
  leave();
  free(terminated);
  if (!loaded) {
    put_u32(&body, why.rule);
    put_str(&body, text(why.message));
    frame_send_buffer(CARILLON_FRAME_REFUSED, &body);
    fflush(stdout);
    _exit(EXIT_SUCCESS);
  }
  put_u16(&body, host.plugin.abi_major);
  put_u16(&body, host.plugin.abi_minor);
  put_u32(&body, (host.plugin.check ? CARILLON_HAS_CHECK : 0) | (host.plugin.finish ? CARILLON_HAS_FINISH : 0) |
                     (host.plugin.cancel ? CARILLON_HAS_CANCEL : 0));
  put_str(&body, manifest);
  frame_send_buffer(CARILLON_FRAME_LOADED, &body);
}

static void report_finding(void *context, int32_t is_error, carillon_bytes pointer, carillon_bytes message) {
  struct buffer body = {0};
  put_u32(&body, is_error != 0);
  put_str(&body, cut(pointer, CARILLON_MAX_REASON_BYTES));
  put_str(&body, cut(message, CARILLON_MAX_REASON_BYTES));
  frame_send_buffer(CARILLON_FRAME_DIAGNOSTIC, &body);
}

static void call_check(struct reader in) {
  carillon_bytes config = get_str(&in);
  if (!reader_done(&in) || !loaded) frame_broken("CHECK");
  const carillon_diagnostics diagnostics = {.struct_size = sizeof diagnostics, .report = report_finding};
  int32_t status = CARILLON_OK;
  enter(CARILLON_IN_CHECK);
  if (host.plugin.check) status = host.plugin.check(config, &diagnostics);
  leave();
  struct buffer body = {0};
  put_u32(&body, status == CARILLON_OK ? CARILLON_OK : CARILLON_ERROR);
  frame_send_buffer(CARILLON_FRAME_CHECKED, &body);
}

static void call_create(struct reader in) {
  carillon_bytes config = get_str(&in);
  get_str(&in); // the job's name: each run brings it again
  if (!reader_done(&in) || !loaded || host.instance) frame_broken("CREATE");
  enter(CARILLON_IN_CREATE);
  void *instance = host.plugin.create(&services, config);
  pthread_mutex_lock(&host.instance_lock);
  host.instance = instance;
  pthread_mutex_unlock(&host.instance_lock);
  int32_t status = instance ? CARILLON_OK : CARILLON_ERROR;
  answer(CARILLON_FRAME_CREATED, status, leave_with(status));
}

static void take_run(struct frame *frame) {
  struct reader in = frame_reader(frame);
  struct run run = {.body = frame->body, .folder = -1};
  run.flags = get_u32(&in);
  run.started_us = (int64_t)get_u64(&in);
  run.deadline_us = (int64_t)get_u64(&in);
  run.due_us = (int64_t)get_u64(&in);
  run.id = get_str(&in);
  run.job = get_str(&in);
  run.event = get_str(&in);
  carillon_bytes folder = get_str(&in);
  if (!reader_done(&in) || !host.instance) frame_broken("RUN");
  frame->body = NULL;
  char path[4096] = {0};
  if (folder.size > 0 && folder.size < sizeof path) {
    memcpy(path, folder.data, folder.size);
    run.folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (run.folder < 0) host_log(0, CARILLON_WARNING, "artifacts cannot be kept: %s: %m", path);
  }
  pthread_mutex_lock(&host.lock);
  struct run before = host.run;
  host.run = run;
  pthread_mutex_unlock(&host.lock);
  if (before.folder >= 0) close(before.folder);
  free(before.body);
}

static carillon_run shown_run(void) {
  return (carillon_run){.struct_size = sizeof(carillon_run), .flags = host.run.flags, .id = host.run.id,
                        .job = host.run.job, .event = host.run.event, .started_at_us = host.run.started_us,
                        .deadline_us = host.run.deadline_us, .due_at_us = host.run.due_us};
}

static void call_discover(struct reader in) {
  uint32_t window = get_u32(&in);
  carillon_bytes checkpoint = get_str(&in);
  if (!reader_done(&in) || window == 0 || !host.run.body) frame_broken("DISCOVER");
  const carillon_run run = shown_run();
  const carillon_sink sink = {.struct_size = sizeof sink, .checkpoint = checkpoint, .emit = discovery_emit,
                              .set_checkpoint = discovery_checkpoint};
  discovery_begin(window);
  enter(CARILLON_IN_DISCOVER);
  int32_t status = host.plugin.discover(host.instance, &run, &sink);
  if (!discovery_end()) status = CARILLON_CANCELLED;
  if (status != CARILLON_OK && status != CARILLON_CANCELLED) status = CARILLON_ERROR;
  answer(CARILLON_FRAME_DISCOVERED, status, leave_with(status));
}

static void call_process(struct batch *batch) {
  if (!host.run.body) frame_broken("PROCESS");
  const carillon_run run = shown_run();
  int32_t status = CARILLON_OK;
  struct buffer why = {0};
  uint32_t count = batch_hand_over(batch);
  if (count > 0) {
    const carillon_batch shown = {.struct_size = sizeof shown, .count = count, .stride = sizeof(struct item),
                                  .items = &batch->items[0].shown};
    enter(CARILLON_IN_PROCESS);
    status = host.plugin.process(host.instance, &run, &shown);
    if (status != CARILLON_OK && status != CARILLON_PENDING) status = CARILLON_ERROR;
    why = leave_with(status);
  }
  carillon_bytes reason = {.data = (const char *)why.data, .size = why.size};
  batch_settle(batch, status, status == CARILLON_ERROR ? reason : text("was never completed by the plugin"));
  buffer_free(&why);
  // With nothing to do next this thread sends what there is; otherwise the flusher gathers more of it.
  if (queue_is_empty()) outcomes_flush();
}

static void call_finish(struct reader in) {
  struct results results = {0};
  carillon_summary summary = {.struct_size = sizeof summary, .context = &results, .next = results_next};
  summary.succeeded = get_u64(&in);
  summary.skipped = get_u64(&in);
  summary.dead = get_u64(&in);
  summary.cancelled = get_u64(&in);
  summary.started_at_us = (int64_t)get_u64(&in);
  if (!reader_done(&in) || !host.run.body) frame_broken("FINISH");
  const carillon_run run = shown_run();
  int32_t status = CARILLON_OK;
  enter(CARILLON_IN_FINISH);
  if (host.plugin.finish) status = host.plugin.finish(host.instance, &run, &summary);
  if (status != CARILLON_OK && status != CARILLON_CANCELLED) status = CARILLON_ERROR;
  free(results.page.body);
  answer(CARILLON_FRAME_FINISHED, status, leave_with(status));
}

_Noreturn static void shut_down(void) {
  pthread_mutex_lock(&host.lock);
  while (host.open_items > 0) pthread_cond_wait(&host.drained, &host.lock);
  pthread_mutex_unlock(&host.lock);
  outcomes_flush();
  pthread_mutex_lock(&host.instance_lock);
  void *instance = host.instance;
  host.instance = NULL;
  pthread_mutex_unlock(&host.instance_lock);
  if (instance) {
    enter(CARILLON_IN_DESTROY);
    host.plugin.destroy(instance);
    leave();
  }
  // Not exit(): it would run destructors under the feet of threads that the plugin has left behind.
  fflush(stdout);
  frame_send(CARILLON_FRAME_BYE, 0, NULL, 0);
  _exit(EXIT_SUCCESS);
}

void call_for(struct frame *frame) {
  struct reader in = frame_reader(frame);
  switch (frame->type) {
  case CARILLON_FRAME_LOAD: call_load(in); break;
  case CARILLON_FRAME_CHECK: call_check(in); break;
  case CARILLON_FRAME_CREATE: call_create(in); break;
  case CARILLON_FRAME_RUN: take_run(frame); break;
  case CARILLON_FRAME_DISCOVER: call_discover(in); break;
  case CARILLON_FRAME_PROCESS: call_process(frame->batch); break;
  case CARILLON_FRAME_FINISH: call_finish(in); break;
  default: shut_down();
  }
  frame_free(frame);
}
