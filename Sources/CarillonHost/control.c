// The control thread: it reads every frame, answers at once what it can, and queues the rest for the main thread. It is the
// watchdog: whatever the plugin does with the main thread, a PING is answered here.

#include "host.h"

#include <signal.h>
#include <unistd.h>

// One frame for each open item, and the calls around them.
#define MAX_QUEUED (MAX_OPEN_ITEMS + 64u)

_Thread_local bool on_control_thread;

static struct {
  struct frame *first, **end;
  uint32_t count;
} queue = {.end = &queue.first};

static void enqueue(struct frame *frame) {
  if (frame->type == CARILLON_FRAME_PROCESS) frame->batch = batch_open(frame);
  pthread_mutex_lock(&host.lock);
  if (++queue.count > MAX_QUEUED) frame_broken("too many at once");
  // Here and not when the main thread comes to it, so that a CANCEL which follows is not undone.
  if (frame->type == CARILLON_FRAME_RUN) host.cancel_all = false;
  *queue.end = frame;
  queue.end = &frame->next;
  pthread_cond_signal(&host.work);
  pthread_mutex_unlock(&host.lock);
}

struct frame *queue_take(void) {
  pthread_mutex_lock(&host.lock);
  while (!queue.first) pthread_cond_wait(&host.work, &host.lock);
  struct frame *frame = queue.first;
  queue.first = frame->next;
  if (!queue.first) queue.end = &queue.first;
  queue.count--;
  pthread_mutex_unlock(&host.lock);
  return frame;
}

bool queue_is_empty(void) {
  pthread_mutex_lock(&host.lock);
  bool empty = queue.first == NULL;
  pthread_mutex_unlock(&host.lock);
  return empty;
}

static void pong(uint64_t id) {
  struct buffer body = {0};
  pthread_mutex_lock(&host.lock);
  put_u32(&body, host.in_call);
  put_u64(&body, host.in_call ? (uint64_t)(monotonic_us() - host.in_call_since_us) : 0);
  put_u32(&body, host.open_items);
  pthread_mutex_unlock(&host.lock);
  frame_send(CARILLON_FRAME_PONG, id, body.data, body.size);
  buffer_free(&body);
}

static void cancel(uint64_t id) {
  bool tell = true;
  pthread_mutex_lock(&host.lock);
  if (id == 0) host.cancel_all = true;
  else tell = item_cancel(id); // one that the plugin has not seen yet is kept from it
  pthread_cond_broadcast(&host.answered);
  pthread_mutex_unlock(&host.lock);
  pthread_mutex_lock(&host.instance_lock);
  if (tell && host.instance && host.plugin.cancel) host.plugin.cancel(host.instance, id);
  pthread_mutex_unlock(&host.instance_lock);
}

// Whether the frame was taken and must not be freed.
static bool dispatch(struct frame *frame) {
  struct reader in = frame_reader(frame);
  switch (frame->type) {
  case CARILLON_FRAME_PING:
    if (!reader_done(&in)) frame_broken("PING");
    pong(frame->id);
    return false;
  case CARILLON_FRAME_CANCEL:
    if (!reader_done(&in)) frame_broken("CANCEL");
    cancel(frame->id);
    return false;
  case CARILLON_FRAME_REPLY:
    request_answer(frame);
    return false;
  case CARILLON_FRAME_CREDIT: {
    uint32_t frames = get_u32(&in);
    if (!reader_done(&in)) frame_broken("CREDIT");
    discovery_credit(frames);
    return false;
  }
  case CARILLON_FRAME_LOAD:
  case CARILLON_FRAME_CHECK:
  case CARILLON_FRAME_CREATE:
  case CARILLON_FRAME_RUN:
  case CARILLON_FRAME_DISCOVER:
  case CARILLON_FRAME_PROCESS:
  case CARILLON_FRAME_FINISH:
  case CARILLON_FRAME_SHUTDOWN:
    enqueue(frame);
    return true;
  default:
    if (frame->flags & CARILLON_FRAME_CRITICAL) frame_broken("a critical one of an unknown type");
    return false;
  }
}

void *control_thread(void *unused) {
  on_control_thread = true;
  for (struct frame *frame; (frame = frame_receive());)
    if (!dispatch(frame)) frame_free(frame);
  // The daemon is gone. What the plugin has started goes with it, when the group is ours alone.
  if (getpgrp() == getpid()) kill(0, SIGKILL);
  _exit(EXIT_DAEMON_GONE);
}
