// The items that the daemon has handed out and nobody has completed yet.

#include "host.h"

#include <stdlib.h>

// Open addressing with at least three of four slots free. Identifiers come in sequence, so the multiplication (by 2^64
// over the golden ratio) only spreads what would otherwise be one long cluster.
#define SLOT_BITS 14
#define SLOTS (1u << SLOT_BITS)
_Static_assert(SLOTS >= 4 * MAX_OPEN_ITEMS, "the table must stay sparse");
static struct item *table[SLOTS];

static uint32_t home_of(uint64_t id) { return (uint32_t)(id * 0x9e3779b97f4a7c15u >> (64 - SLOT_BITS)); }

// The slot of an item, or the free one where it would stand.
static uint32_t slot_of(uint64_t id) {
  uint32_t slot = home_of(id);
  while (table[slot] && table[slot]->shown.id != id) slot = (slot + 1) % SLOTS;
  return slot;
}

// Frees a slot and moves up what had to step over it, so that a search may always end at the first free slot.
static void slot_clear(uint32_t slot) {
  for (uint32_t next = (slot + 1) % SLOTS; table[next]; next = (next + 1) % SLOTS) {
    uint32_t home = home_of(table[next]->shown.id);
    if ((next - home) % SLOTS < (next - slot) % SLOTS) continue;
    table[slot] = table[next];
    slot = next;
  }
  table[slot] = NULL;
}

struct item *item_find(uint64_t id) {
  struct item *item = table[slot_of(id)];
  return item && item->handed_over ? item : NULL;
}

int64_t item_started_us(const struct item *item) {
  if (item->begun_us) return item->begun_us;
  int64_t handed_over = item->batch->handed_over_us;
  return handed_over > host.completed_us ? handed_over : host.completed_us;
}

bool item_cancel(uint64_t id) {
  struct item *item = table[slot_of(id)];
  if (item) item->cancelled = true;
  return item && item->handed_over;
}

static void batch_free(struct batch *batch) {
  free(batch->body);
  free(batch);
}

// Takes an item out of the table with this outcome. The caller frees the batch, after unlocking, when that says true.
static bool item_close(struct item *item, const carillon_outcome *outcome) {
  int64_t now = monotonic_us();
  slot_clear(slot_of(item->shown.id));
  item->done = true;
  host.open_items--;
  outcome_append(item, outcome, now);
  host.completed_us = now;
  if (host.open_items == 0) pthread_cond_broadcast(&host.drained);
  return --item->batch->open == 0 && !item->batch->held;
}

struct batch *batch_open(struct frame *frame) {
  struct reader in = frame_reader(frame);
  int64_t timeout_us = (int64_t)get_u64(&in);
  uint32_t count = get_u32(&in);
  if (count == 0 || count > MAX_OPEN_ITEMS) frame_broken("PROCESS: count");
  struct batch *batch = host_alloc(sizeof *batch + count * sizeof(struct item));
  *batch = (struct batch){.timeout_us = timeout_us, .count = count, .open = count, .held = true};
  for (uint32_t i = 0; i < count; i++) {
    struct item *item = &batch->items[i];
    item->batch = batch;
    item->shown.struct_size = sizeof item->shown;
    item->shown.id = get_u64(&in);
    item->shown.attempt = get_u32(&in);
    uint32_t key_size = get_u32(&in), payload_size = get_u32(&in);
    item->shown.key = get_raw(&in, key_size);
    item->shown.payload = get_raw(&in, payload_size);
    if (item->shown.id == 0) frame_broken("PROCESS: item");
  }
  if (!reader_done(&in)) frame_broken("PROCESS: size");
  batch->body = frame->body;
  frame->body = NULL;

  pthread_mutex_lock(&host.lock);
  if (host.open_items + count > MAX_OPEN_ITEMS) frame_broken("PROCESS: too many open items");
  for (uint32_t i = 0; i < count; i++) {
    uint32_t slot = slot_of(batch->items[i].shown.id);
    if (table[slot]) frame_broken("PROCESS: an item that is open already");
    table[slot] = &batch->items[i];
  }
  host.open_items += count;
  pthread_mutex_unlock(&host.lock);
  return batch;
}

uint32_t batch_hand_over(struct batch *batch) {
  const carillon_outcome never_begun = {.struct_size = sizeof never_begun, .kind = CARILLON_RETRY,
                                        .reason = text("cancelled before it began")};
  uint32_t kept = 0;
  pthread_mutex_lock(&host.lock);
  batch->handed_over_us = monotonic_us();
  for (uint32_t i = 0; i < batch->count; i++) {
    struct item *item = &batch->items[i];
    if (host.cancel_all || item->cancelled) {
      item_close(item, &never_begun);
      continue;
    }
    struct item *place = &batch->items[kept++];
    if (place != item) {
      table[slot_of(item->shown.id)] = place;
      *place = *item;
    }
    place->handed_over = true;
  }
  batch->count = kept;
  pthread_mutex_unlock(&host.lock);
  return kept;
}

void batch_settle(struct batch *batch, int32_t status, carillon_bytes why) {
  const carillon_outcome given_up = {.struct_size = sizeof given_up, .kind = CARILLON_RETRY, .reason = why};
  pthread_mutex_lock(&host.lock);
  for (uint32_t i = 0; i < batch->count && batch->open > 0 && status != CARILLON_PENDING; i++) {
    if (!batch->items[i].done) outcomes_await_room();
    if (!batch->items[i].done) item_close(&batch->items[i], &given_up);
  }
  batch->held = false;
  bool spent = batch->open == 0;
  pthread_mutex_unlock(&host.lock);
  if (spent) batch_free(batch);
}

void items_announce(int64_t now_us) {
  struct buffer body = {0};
  uint32_t count = 0;
  bool waiting = false;
  put_u32(&body, 0);
  pthread_mutex_lock(&host.lock);
  for (uint32_t slot = 0; slot < SLOTS && host.open_items > 0; slot++) {
    struct item *item = table[slot];
    if (!item || item->announced || item->begun_us == 0) continue;
    if (now_us - item->begun_us < SLOW_ITEM_US) {
      waiting = true;
      continue;
    }
    item->announced = true;
    count++;
    put_u64(&body, item->shown.id);
    put_u64(&body, (uint64_t)(now_us - item->begun_us));
  }
  if (waiting) want_ticks();
  pthread_mutex_unlock(&host.lock);
  if (count) {
    set_u32(&body, 0, count);
    frame_send(CARILLON_FRAME_STARTED, 0, body.data, body.size);
  }
  buffer_free(&body);
}

// What is wrong with an outcome as a plugin gave it; NULL: nothing.
static const char *objection(const carillon_outcome *outcome) {
  if (outcome->struct_size < offsetof(carillon_outcome, after_us)) return "its struct_size is not set";
  if (!readable(outcome->reason) || !readable(outcome->output) || !readable(outcome->effect) ||
      !readable(outcome->dependency))
    return "it has a size without data";
  if (outcome->output.size > CARILLON_MAX_OUTPUT_BYTES) return "its output is over the limit";
  if (outcome->effect.size > CARILLON_MAX_OUTPUT_BYTES) return "its effect is over the limit";
  if (outcome->dependency.size > CARILLON_MAX_KEY_BYTES) return "the dependency's name is over the limit";
  return NULL;
}

int32_t item_complete(const carillon_host *self, uint64_t id, const carillon_outcome *given) {
  if (!given) return CARILLON_REFUSED;
  carillon_outcome outcome;
  take_struct(&outcome, sizeof outcome, given, given->struct_size);
  const char *objected = objection(&outcome);
  if (!objected) {
    outcome.reason = cut(outcome.reason, CARILLON_MAX_REASON_BYTES);
    pthread_mutex_lock(&host.lock);
    outcomes_await_room();
    struct item *item = item_find(id);
    if (item) {
      struct batch *spent = item->batch;
      if (!item_close(item, &outcome)) spent = NULL;
      pthread_mutex_unlock(&host.lock);
      if (spent) batch_free(spent);
      return CARILLON_OK;
    }
    pthread_mutex_unlock(&host.lock);
    objected = "the item is not open: it was completed before, or never handed over";
  }
  host_log(id, CARILLON_WARNING, "the plugin's outcome was refused: %s", objected);
  return CARILLON_REFUSED;
}
