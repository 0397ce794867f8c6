// Whole frames over descriptor 3. Anything but a whole frame ends the process: nothing after it could be trusted.

#include "host.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

struct header {
  uint32_t magic;
  uint16_t type, flags;
  uint32_t length, zero;
  uint64_t id;
};
_Static_assert(sizeof(struct header) == CARILLON_FRAME_HEADER, "the header is read and written as it lies in memory");

// A lock that serves in the order of asking: a plugin that floods its log in a loop must not starve the PONGs.
static pthread_mutex_t turns = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t next_turn = PTHREAD_COND_INITIALIZER;
static uint64_t drawn, served;

static void turn_await(void) {
  pthread_mutex_lock(&turns);
  uint64_t mine = drawn++;
  while (served != mine) pthread_cond_wait(&next_turn, &turns);
  pthread_mutex_unlock(&turns);
}

static void turn_pass(void) {
  pthread_mutex_lock(&turns);
  bool awaited = ++served != drawn;
  pthread_mutex_unlock(&turns);
  if (awaited) pthread_cond_broadcast(&next_turn);
}

static void write_all(struct iovec *parts, int count) {
  while (count > 0) {
    ssize_t written = writev(CARILLON_FRAME_FD, parts, count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) die(EXIT_DAEMON_GONE, "cannot write to the daemon: %s", strerror(errno));
    while (count > 0 && (size_t)written >= parts->iov_len) {
      written -= (ssize_t)parts->iov_len;
      parts++;
      count--;
    }
    if (count > 0) {
      parts->iov_base = (uint8_t *)parts->iov_base + written;
      parts->iov_len -= (size_t)written;
    }
  }
}

void frame_send(uint16_t type, uint64_t id, const void *body, size_t size) {
  struct header header = {.magic = htole32(CARILLON_FRAME_MAGIC), .type = htole16(type),
                          .length = htole32((uint32_t)size), .id = htole64(id)};
  struct iovec parts[2] = {{&header, sizeof header}, {(void *)body, size}};
  turn_await();
  write_all(parts, size ? 2 : 1);
  turn_pass();
}

void frame_send_buffer(uint16_t type, struct buffer *body) {
  frame_send(type, 0, body->data, body->size);
  buffer_free(body);
}

static bool read_all(void *into, size_t size) {
  for (size_t have = 0; have < size;) {
    ssize_t got = read(CARILLON_FRAME_FD, (uint8_t *)into + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    have += (size_t)got;
  }
  return true;
}

struct frame *frame_receive(void) {
  struct header header;
  if (!read_all(&header, sizeof header)) return NULL;
  if (le32toh(header.magic) != CARILLON_FRAME_MAGIC) frame_broken("magic");
  if (header.zero != 0) frame_broken("header");
  struct frame *frame = host_alloc(sizeof *frame);
  frame->type = le16toh(header.type);
  frame->flags = le16toh(header.flags);
  frame->length = le32toh(header.length);
  frame->id = le64toh(header.id);
  if (frame->length > CARILLON_FRAME_MAX_BODY) frame_broken("length");
  if (frame->length) {
    frame->body = host_alloc(frame->length);
    if (!read_all(frame->body, frame->length)) return NULL;
  }
  return frame;
}

struct reader frame_reader(const struct frame *frame) {
  return (struct reader){.at = frame->body, .end = frame->body ? frame->body + frame->length : NULL};
}

void frame_free(struct frame *frame) {
  free(frame->body);
  free(frame);
}

void frame_broken(const char *what) { die(EXIT_BROKEN_FRAME, "broken frame from the daemon: %s", what); }
