// Questions to the daemon that a thread of the plugin waits for.

#include "host.h"

#include <stdlib.h>

static struct request *waiting; // with host.lock; each stands on its asker's stack
static uint64_t last_id;

struct request request_ask(uint32_t what, carillon_bytes key, carillon_bytes value) {
  struct request request = {.status = CARILLON_REFUSED};
  if (on_control_thread) return request; // it is the one that would read the answer
  struct buffer body = {0};
  put_u32(&body, what);
  put_str(&body, key);
  put_str(&body, value);

  pthread_mutex_lock(&host.lock);
  if (!host.run.body) { // before its first run the daemon answers nothing: `create` would wait until it is killed
    pthread_mutex_unlock(&host.lock);
    buffer_free(&body);
    return request;
  }
  request.id = ++last_id;
  request.next = waiting;
  waiting = &request;
  pthread_mutex_unlock(&host.lock);

  frame_send(CARILLON_FRAME_REQUEST, request.id, body.data, body.size);
  buffer_free(&body);

  pthread_mutex_lock(&host.lock);
  while (!request.answered) pthread_cond_wait(&host.answered, &host.lock);
  pthread_mutex_unlock(&host.lock);
  return request;
}

void request_answer(struct frame *frame) {
  struct reader in = frame_reader(frame);
  uint32_t status = get_u32(&in);
  carillon_bytes value = get_str(&in);
  if (!reader_done(&in)) frame_broken("REPLY");
  if (status > CARILLON_ABSENT || status == CARILLON_PENDING) status = CARILLON_ERROR;

  pthread_mutex_lock(&host.lock);
  struct request **link = &waiting;
  while (*link && (*link)->id != frame->id) link = &(*link)->next;
  struct request *request = *link;
  if (!request) frame_broken("REPLY to no request");
  *link = request->next;
  request->status = (int32_t)status;
  request->value = value;
  request->body = frame->body;
  frame->body = NULL;
  request->answered = true;
  pthread_cond_broadcast(&host.answered);
  pthread_mutex_unlock(&host.lock);
}

static int32_t ask_into(uint32_t what, carillon_bytes key, char *buffer, uint64_t capacity, uint64_t *size) {
  if (!is_name(key, CARILLON_MAX_KEY_BYTES) || (capacity > 0 && !buffer)) return CARILLON_REFUSED;
  struct request reply = request_ask(what, key, (carillon_bytes){0});
  int32_t status = reply.status;
  if (status == CARILLON_OK) {
    if (size) *size = reply.value.size;
    if (reply.value.size > capacity) status = CARILLON_REFUSED;
    else if (reply.value.size > 0) memcpy(buffer, reply.value.data, reply.value.size);
  }
  free(reply.body);
  return status;
}

int32_t checkpoint_get(const carillon_host *self, carillon_bytes key, char *buffer, uint64_t capacity, uint64_t *size) {
  return ask_into(CARILLON_REQUEST_CHECKPOINT_GET, key, buffer, capacity, size);
}

int32_t secret_get(const carillon_host *self, carillon_bytes name, char *buffer, uint64_t capacity, uint64_t *size) {
  return ask_into(CARILLON_REQUEST_SECRET, name, buffer, capacity, size);
}

int32_t checkpoint_put(const carillon_host *self, carillon_bytes key, carillon_bytes value) {
  if (!is_name(key, CARILLON_MAX_KEY_BYTES) || !readable(value)) return CARILLON_REFUSED;
  if (value.size > CARILLON_MAX_CHECKPOINT_BYTES) return CARILLON_REFUSED;
  struct request reply = request_ask(CARILLON_REQUEST_CHECKPOINT_PUT, key, value);
  free(reply.body);
  return reply.status;
}
