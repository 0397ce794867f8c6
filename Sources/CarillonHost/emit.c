// New items: those that a discovery names, gathered and paced by the daemon's credits, and those that an item adds.

#include "host.h"

#define ITEMS_HEAD_BYTES 12 // parent and count, which stand before the items
#define STALE_US 20000      // gathered items wait no longer than this for more of them

// Reads the i-th item; false when it breaks a limit.
static bool read_item(const carillon_new_item *items, uint32_t index, uint32_t stride, carillon_new_item *item) {
  const carillon_new_item *given = (const void *)((const char *)items + (size_t)index * stride);
  uint32_t filled = given->struct_size;
  if (filled < offsetof(carillon_new_item, payload) || (filled > stride && stride < sizeof *item)) return false;
  take_struct(item, sizeof *item, given, filled);
  return is_name(item->key, CARILLON_MAX_KEY_BYTES) && readable(item->payload) &&
         item->payload.size <= CARILLON_MAX_PAYLOAD_BYTES;
}

// Checks an array as a whole, so that none of it is taken when one breaks a limit.
static bool all_acceptable(const carillon_new_item *items, uint32_t count, uint32_t stride, uint64_t parent) {
  carillon_new_item item;
  bool acceptable = items != NULL && stride >= offsetof(carillon_new_item, payload);
  for (uint32_t i = 0; i < count && acceptable; i++) acceptable = read_item(items, i, stride, &item);
  if (!acceptable) host_log(parent, CARILLON_WARNING, "items were refused: one of them breaks a limit; none was taken");
  return acceptable;
}

struct gathering {
  struct buffer body;
  uint32_t count;
};

static void gather(struct gathering *to, uint64_t parent, const carillon_new_item *item) {
  if (to->count++ == 0) {
    put_u64(&to->body, parent);
    put_u32(&to->body, 0);
  }
  put_u32(&to->body, (uint32_t)item->priority);
  put_u32(&to->body, (uint32_t)item->key.size);
  put_u32(&to->body, (uint32_t)item->payload.size);
  put_raw(&to->body, item->key.data, item->key.size);
  put_raw(&to->body, item->payload.data, item->payload.size);
}

static bool is_full(const struct gathering *items) {
  return items->count >= CARILLON_FRAME_SOFT_ENTRIES || items->body.size >= CARILLON_FRAME_SOFT_BYTES;
}

static void send(struct gathering *items) {
  set_u32(&items->body, ITEMS_HEAD_BYTES - 4, items->count);
  frame_send(CARILLON_FRAME_ITEMS, 0, items->body.data, items->body.size);
  items->body.size = 0;
  items->count = 0;
}

// The discovery under way. Its lock makes emitting threads take turns and is held while one waits for credit; it is taken
// before host.lock, which guards `credits`.
static struct {
  pthread_mutex_t lock;
  struct gathering items;
  int64_t gathered_us; // when the first of them came
  bool under_way, incomplete;
  uint32_t window, credits;
} discovery = {.lock = PTHREAD_MUTEX_INITIALIZER};

void discovery_begin(uint32_t window) {
  pthread_mutex_lock(&discovery.lock);
  discovery.under_way = true;
  discovery.incomplete = false;
  pthread_mutex_lock(&host.lock);
  discovery.window = discovery.credits = window;
  pthread_mutex_unlock(&host.lock);
  pthread_mutex_unlock(&discovery.lock);
}

void discovery_credit(uint32_t frames) {
  pthread_mutex_lock(&host.lock);
  uint32_t missing = discovery.window - discovery.credits;
  discovery.credits += frames < missing ? frames : missing;
  pthread_cond_broadcast(&host.answered);
  pthread_mutex_unlock(&host.lock);
}

// Takes a credit; waits for one if told to. False: there is none, or the run is being cancelled.
static bool take_credit(bool wait) {
  pthread_mutex_lock(&host.lock);
  while (wait && discovery.credits == 0 && !host.cancel_all) pthread_cond_wait(&host.answered, &host.lock);
  bool taken = discovery.credits > 0 && !host.cancel_all;
  if (taken) discovery.credits--;
  pthread_mutex_unlock(&host.lock);
  return taken;
}

// Sends what is gathered. Once items are lost to a cancellation the discovery stays incomplete, whatever it returns.
static bool send_gathered(void) {
  if (discovery.items.count == 0) return !discovery.incomplete;
  if (!discovery.incomplete && take_credit(true)) {
    send(&discovery.items);
    return true;
  }
  discovery.items.count = 0;
  discovery.items.body.size = 0;
  discovery.incomplete = true;
  return false;
}

bool discovery_end(void) {
  pthread_mutex_lock(&discovery.lock);
  bool complete = send_gathered();
  discovery.under_way = false;
  buffer_free(&discovery.items.body);
  pthread_mutex_unlock(&discovery.lock);
  return complete;
}

void discovery_send_stale(int64_t now_us) {
  if (pthread_mutex_trylock(&discovery.lock) != 0) return; // an emitting thread is in there and will look itself
  if (discovery.items.count > 0) {
    bool stale = now_us - discovery.gathered_us >= STALE_US;
    if (stale && take_credit(false)) {
      send(&discovery.items);
    } else {
      pthread_mutex_lock(&host.lock);
      want_ticks();
      pthread_mutex_unlock(&host.lock);
    }
  }
  pthread_mutex_unlock(&discovery.lock);
}

int32_t discovery_emit(void *context, const carillon_new_item *items, uint32_t count, uint32_t stride) {
  if (on_control_thread) return CARILLON_REFUSED; // it is the one that would bring the credit
  if (count == 0) return CARILLON_OK;
  if (!all_acceptable(items, count, stride, 0)) return CARILLON_REFUSED;
  pthread_mutex_lock(&discovery.lock);
  int32_t status = !discovery.under_way ? CARILLON_REFUSED : discovery.incomplete ? CARILLON_CANCELLED : CARILLON_OK;
  for (uint32_t i = 0; i < count && status == CARILLON_OK; i++) {
    carillon_new_item item;
    read_item(items, i, stride, &item);
    if (discovery.items.count == 0) discovery.gathered_us = monotonic_us();
    gather(&discovery.items, 0, &item);
    if (is_full(&discovery.items) && !send_gathered()) status = CARILLON_CANCELLED;
  }
  pthread_mutex_lock(&host.lock);
  if (discovery.items.count > 0) want_ticks();
  if (host.cancel_all && status == CARILLON_OK) status = CARILLON_CANCELLED;
  pthread_mutex_unlock(&host.lock);
  pthread_mutex_unlock(&discovery.lock);
  return status;
}

int32_t discovery_checkpoint(void *context, carillon_bytes value) {
  if (on_control_thread || !readable(value) || value.size > CARILLON_MAX_CHECKPOINT_BYTES) return CARILLON_REFUSED;
  int32_t status = CARILLON_REFUSED;
  pthread_mutex_lock(&discovery.lock);
  if (discovery.under_way) {
    status = send_gathered() ? CARILLON_OK : CARILLON_CANCELLED;
    if (status == CARILLON_OK) {
      struct buffer body = {0};
      put_str(&body, value);
      frame_send_buffer(CARILLON_FRAME_CHECKPOINT, &body);
    }
  }
  pthread_mutex_unlock(&discovery.lock);
  return status;
}

int32_t emit_items(const carillon_host *self, uint64_t parent, const carillon_new_item *items, uint32_t count,
                   uint32_t stride) {
  pthread_mutex_lock(&host.lock);
  bool open = item_find(parent) != NULL;
  pthread_mutex_unlock(&host.lock);
  if (!open) return CARILLON_REFUSED;
  if (count == 0) return CARILLON_OK;
  if (!all_acceptable(items, count, stride, parent)) return CARILLON_REFUSED;
  struct gathering added = {0};
  for (uint32_t i = 0; i < count; i++) {
    carillon_new_item item;
    read_item(items, i, stride, &item);
    gather(&added, parent, &item);
    if (is_full(&added)) send(&added);
  }
  if (added.count > 0) send(&added);
  buffer_free(&added.body);
  return CARILLON_OK;
}
