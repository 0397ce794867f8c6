// What the files of the host share.
//
// Threads: the main thread makes every call into the plugin but `cancel`; the control thread reads descriptor 3; the
// flusher sends gathered outcomes. The plugin may call in from threads of its own.
// Locks: `host.lock` guards all state named here and is never held while a call blocks or writes.

#ifndef CARILLON_HOST_H
#define CARILLON_HOST_H

#include "bytes.h"
#include "carillon_frames.h"
#include "carillon_plugin.h"

#include <pthread.h>
#include <stdarg.h>

// Exit codes, as sysexits.h has them.
#define EXIT_USAGE 64
#define EXIT_DAEMON_GONE 69
#define EXIT_NO_MEMORY 70
#define EXIT_BROKEN_FRAME 76

#define MAX_OPEN_ITEMS 4096u
#define SLOW_ITEM_US 50000 // an item under way for longer is announced with STARTED

struct frame {
  uint16_t type, flags;
  uint32_t length;
  uint64_t id;
  uint8_t *body;       // owned; NULL when empty
  struct batch *batch; // PROCESS: what the body, now its own, was read as
  struct frame *next;  // in the main thread's queue
};

// The run that calls belong to. Its texts point into `body`.
struct run {
  uint8_t *body; // owned
  uint32_t flags;
  int64_t started_us, deadline_us, due_us;
  carillon_bytes id, job, event;
  int folder; // descriptor of the artifact folder; -1: there is none
};

struct host {
  pthread_mutex_t lock;
  pthread_cond_t work;     // a frame for the main thread is queued
  pthread_cond_t flush;    // the flusher has something to look at
  pthread_cond_t drained;  // outcomes were taken to be sent, or no item is open any more
  pthread_cond_t answered; // a REPLY, a CREDIT or a CANCEL came

  carillon_plugin plugin; // written once, before any instance is made
  struct run run;
  uint32_t in_call; // CARILLON_IN_*
  int64_t in_call_since_us;
  uint32_t open_items;
  int64_t completed_us; // when an item was last completed
  bool cancel_all;
  bool ticking; // something wants the flusher's look at the clock
  struct buffer error;

  pthread_mutex_t instance_lock; // held while the control thread is inside plugin.cancel
  void *instance;
};

extern struct host host;
extern const carillon_host services;
extern _Thread_local bool on_control_thread;

// main.c
_Noreturn void die(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
int64_t monotonic_us(void);
int64_t realtime_us(void);
void wait_until(pthread_cond_t *condition, int64_t monotonic_us); // with host.lock

// frames.c
void frame_send(uint16_t type, uint64_t id, const void *body, size_t size);
void frame_send_buffer(uint16_t type, struct buffer *body); // and empties it
struct frame *frame_receive(void);                          // NULL: the daemon is gone
struct reader frame_reader(const struct frame *frame);
void frame_free(struct frame *frame);
_Noreturn void frame_broken(const char *what);

// loader.c
struct refusal {
  uint32_t rule; // CARILLON_REFUSED_*
  char message[2048];
};
bool plugin_load(const char *path, carillon_bytes *manifest, struct refusal *why);

// items.c
struct item {
  carillon_item shown; // first: the plugin walks the array of items by its stride
  struct batch *batch;
  int64_t begun_us; // monotonic; 0 until the plugin says that it begins
  uint32_t events;
  bool handed_over, announced, cancelled, done;
};
struct batch {
  uint8_t *body; // owned: keys and payloads point into it
  int64_t handed_over_us, timeout_us;
  uint32_t count, open;
  bool held; // not handed over yet, or `process` has not returned
  struct item items[];
};
struct batch *batch_open(struct frame *frame);
uint32_t batch_hand_over(struct batch *batch); // how many are left to be done
void batch_settle(struct batch *batch, int32_t status, carillon_bytes why);
struct item *item_find(uint64_t id); // with host.lock; NULL: not open, or not handed over
int64_t item_started_us(const struct item *item); // with host.lock
bool item_cancel(uint64_t id);       // with host.lock; whether the plugin has it
void items_announce(int64_t now_us);
int32_t item_complete(const carillon_host *self, uint64_t id, const carillon_outcome *outcome);

// outcomes.c
void outcome_append(const struct item *item, const carillon_outcome *outcome, int64_t now_us); // with host.lock
void outcomes_await_room(void);                                                                // with host.lock
void outcomes_flush(void);
void *flusher_thread(void *unused);
void want_ticks(void); // with host.lock

// emit.c
void discovery_begin(uint32_t window);
bool discovery_end(void); // whether all that was emitted has been sent
void discovery_credit(uint32_t frames);
void discovery_send_stale(int64_t now_us);
int32_t discovery_emit(void *context, const carillon_new_item *items, uint32_t count, uint32_t stride);
int32_t discovery_checkpoint(void *context, carillon_bytes value);
int32_t emit_items(const carillon_host *self, uint64_t item, const carillon_new_item *items, uint32_t count,
                   uint32_t stride);

// requests.c
struct request {
  uint64_t id;
  bool answered;
  int32_t status;
  carillon_bytes value; // points into `body`
  uint8_t *body;        // the asker frees it
  struct request *next;
};
struct request request_ask(uint32_t what, carillon_bytes key, carillon_bytes value);
void request_answer(struct frame *frame);
int32_t checkpoint_get(const carillon_host *self, carillon_bytes key, char *buffer, uint64_t capacity, uint64_t *size);
int32_t checkpoint_put(const carillon_host *self, carillon_bytes key, carillon_bytes value);
int32_t secret_get(const carillon_host *self, carillon_bytes name, char *buffer, uint64_t capacity, uint64_t *size);

// results.c
struct results {
  struct request page;
  struct reader reader;
  uint64_t cursor;
  uint32_t left;
  bool ended;
};
int32_t results_next(void *context, carillon_result *result);

// artifact.c
int32_t artifact_put(const carillon_host *self, uint64_t item, carillon_bytes name, carillon_bytes media_type,
                     carillon_bytes content);

// services.c
void host_log(uint64_t item, uint32_t level, const char *format, ...) __attribute__((format(printf, 3, 4)));

// calls.c
void call_for(struct frame *frame); // frees it

// control.c
void *control_thread(void *unused);
struct frame *queue_take(void);
bool queue_is_empty(void);

#endif
