// Outcomes on their way to the daemon: gathered in the form they have on the wire, sent together.
//
// One outcome alone goes at once. When many come, they wait up to a millisecond for each other; what comes while a frame is
// being written goes with the next one.

#include "host.h"

#include <errno.h>

#define GATHER_US 1000
#define MANY_OPEN 16u // with fewer left, who waits for one of them matters more than the size of a frame
#define ROOM_BYTES (4u * 1024u * 1024u) // completing waits above this; with one outcome more it is still one frame
_Static_assert(ROOM_BYTES + 256u * 1024u + 128u * MAX_OPEN_ITEMS < CARILLON_FRAME_MAX_BODY, "the buffer fits one frame");

static struct buffer gathered, sending; // swapped, so that neither is allocated again
static uint32_t gathered_count;
static int64_t flushed_us, next_tick_us;
static pthread_mutex_t sending_lock = PTHREAD_MUTEX_INITIALIZER; // taken before host.lock

static bool is_full(void) {
  return gathered.size >= CARILLON_FRAME_SOFT_BYTES || gathered_count >= CARILLON_FRAME_SOFT_ENTRIES;
}

void outcomes_await_room(void) {
  while (gathered.size > ROOM_BYTES) pthread_cond_wait(&host.drained, &host.lock);
}

void outcome_append(const struct item *item, const carillon_outcome *outcome, int64_t now_us) {
  uint32_t kind = outcome->kind;
  if (kind < CARILLON_SUCCEEDED || kind > CARILLON_UNAVAILABLE) kind = CARILLON_RETRY;
  carillon_bytes reason = outcome->reason;
  if (kind != CARILLON_SUCCEEDED && reason.size == 0) reason = text("the plugin gave no reason");
  bool was_full = is_full();
  if (gathered.size == 0) put_u32(&gathered, 0);
  put_u64(&gathered, item->shown.id);
  put_u32(&gathered, kind);
  put_u64(&gathered, outcome->after_us > 0 ? (uint64_t)outcome->after_us : 0);
  put_u64(&gathered, (uint64_t)(now_us - item_started_us(item)));
  put_u32(&gathered, (uint32_t)reason.size);
  put_u32(&gathered, (uint32_t)outcome->output.size);
  put_u32(&gathered, (uint32_t)outcome->effect.size);
  put_u32(&gathered, (uint32_t)outcome->dependency.size);
  put_raw(&gathered, reason.data, reason.size);
  put_raw(&gathered, outcome->output.data, outcome->output.size);
  put_raw(&gathered, outcome->effect.data, outcome->effect.size);
  put_raw(&gathered, outcome->dependency.data, outcome->dependency.size);
  // Waking a thread costs more than all of the above, so only a change of what the flusher would do is told to it.
  if (++gathered_count == 1 || host.open_items == 0 || host.open_items == MANY_OPEN - 1 || (is_full() && !was_full))
    pthread_cond_signal(&host.flush);
}

void outcomes_flush(void) {
  pthread_mutex_lock(&sending_lock);
  pthread_mutex_lock(&host.lock);
  struct buffer taken = gathered;
  uint32_t count = gathered_count;
  gathered = sending;
  gathered_count = 0;
  sending = taken;
  flushed_us = monotonic_us();
  pthread_cond_broadcast(&host.drained);
  pthread_mutex_unlock(&host.lock);
  if (count) {
    set_u32(&sending, 0, count);
    frame_send(CARILLON_FRAME_OUTCOMES, 0, sending.data, sending.size);
  }
  sending.size = 0;
  pthread_mutex_unlock(&sending_lock);
}

void want_ticks(void) {
  if (host.ticking) return;
  host.ticking = true;
  next_tick_us = monotonic_us() + SLOW_ITEM_US;
  pthread_cond_signal(&host.flush);
}

// What time alone brings about. Who still waits for time asks for the next tick.
static void tick(int64_t now_us) {
  host.ticking = false;
  pthread_mutex_unlock(&host.lock);
  // Under this lock, so that no STARTED overtakes, or is overtaken by, the outcome of its item.
  pthread_mutex_lock(&sending_lock);
  items_announce(now_us);
  pthread_mutex_unlock(&sending_lock);
  discovery_send_stale(now_us);
  pthread_mutex_lock(&host.lock);
}

void *flusher_thread(void *unused) {
  pthread_mutex_lock(&host.lock);
  for (;;) {
    int64_t now = monotonic_us();
    if (host.ticking && now >= next_tick_us) {
      tick(now);
    } else if (gathered_count == 0) {
      if (host.ticking) wait_until(&host.flush, next_tick_us);
      else pthread_cond_wait(&host.flush, &host.lock);
    } else if (host.open_items >= MANY_OPEN && !is_full() && now < flushed_us + GATHER_US) {
      wait_until(&host.flush, flushed_us + GATHER_US);
    } else {
      pthread_mutex_unlock(&host.lock);
      outcomes_flush();
      pthread_mutex_lock(&host.lock);
    }
  }
  return NULL;
}
