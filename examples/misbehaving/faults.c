// The faults themselves. Several of them do not return.

#include "faults.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

void sleep_us(uint64_t us) {
  struct timespec left = {.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000 * 1000)};
  while (nanosleep(&left, &left) != 0) continue;
}

static enum next fail(carillon_outcome *outcome, uint32_t kind, const char *reason) {
  outcome->kind = kind;
  outcome->reason = bytes_of(reason);
  return COMPLETE_IT;
}

static enum next segfault(void) {
  *(volatile int *)NULL = 1;
  return LEAVE_IT;
}

__attribute__((noinline)) static int overflow(volatile char *above) {
  volatile char frame[4096];
  frame[0] = 1;
  if (above && above[0] == 0) return 0; // never, which the compiler cannot know
  return overflow(frame) + frame[0];
}

static enum next slow(const struct misbehaving *self, const struct fault *fault, const carillon_item *item,
                      carillon_outcome *outcome) {
  for (uint32_t ms = 0; ms < fault->ms; ms += 5) {
    if (self->host->is_cancelled(self->host, item->id)) return fail(outcome, CARILLON_RETRY, "cancelled while slow");
    sleep_us(5000);
  }
  return DO_IT;
}

static enum next exhaust_memory(carillon_outcome *outcome) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return fail(outcome, CARILLON_FAILED, "no memory limit is set: the machine's own memory is left alone");
  for (char *block; (block = malloc(1u << 20));) memset(block, 1, 1u << 20);
  abort(); // as most programs do when an allocation fails
}

static enum next leak_descriptors(const struct fault *fault) {
  for (uint32_t leaked = 0; fault->count == 0 || leaked < fault->count; leaked++)
    if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) break;
  return DO_IT;
}

static enum next flood_logs(const struct misbehaving *self, const struct fault *fault, const carillon_item *item) {
  uint32_t count = fault->count ? fault->count : 100000;
  for (uint32_t i = 0; i < count; i++) {
    self->host->log(self->host, item->id, CARILLON_INFO, bytes_of("a line of which there are far too many"));
    printf("a line on stdout, %u of %u\n", i + 1, count);
    fprintf(stderr, "a line on stderr, %u of %u\n", i + 1, count);
  }
  return DO_IT;
}

// Bytes past the host, straight into its connection to the daemon. The lies are told first, while the daemon still listens;
// noise ends them, since it cannot be a frame.
static enum next garbage_frames(const carillon_item *item) {
  struct {
    uint32_t magic;
    uint16_t type, flags;
    uint32_t length, zero;
    uint64_t id;
    uint32_t count;
    uint8_t rest[44];
  } __attribute__((packed)) lie = {.magic = 0x4e4c5243u, .type = 73, .length = 48, .count = 1};
  const size_t whole = 24 + 48;
  ssize_t written = 0;
  for (uint64_t other = 1; other <= 3; other++) { // another's item is done, says this one
    uint64_t id = item->id + other;
    uint32_t succeeded = CARILLON_SUCCEEDED;
    memcpy(lie.rest, &id, sizeof id);
    memcpy(lie.rest + sizeof id, &succeeded, sizeof succeeded);
    written += write(3, &lie, whole);
  }
  lie.count = 0x7fffffff; // far more entries than the body has room for
  written += write(3, &lie, whole);
  lie.length = 0xfffffff0u; // a body that nobody should allocate
  written += write(3, &lie, whole);
  lie.magic = 0xdeadbeefu;
  written += write(3, &lie, whole);
  unsigned char noise[4096];
  uint32_t state = (uint32_t)getpid() * 2654435761u | 1;
  for (size_t i = 0; i < sizeof noise; i++) {
    state ^= state << 13, state ^= state >> 17, state ^= state << 5;
    noise[i] = (unsigned char)state;
  }
  written += write(3, noise, sizeof noise);
  return written > 0 ? DO_IT : LEAVE_IT;
}

static const char *const known[] = {"segfault", "abort",       "hang",          "ignore-cancel",  "exhaust-memory",
                                    "exit",     "slow",        "never-complete", "complete-twice", "leak-descriptors",
                                    "flood-logs", "stack-overflow", "garbage-frames"};

bool fault_is_known(const char *what) {
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(known[i], what) == 0) return true;
  return false;
}

enum next commit(const struct misbehaving *self, const struct fault *fault, const carillon_item *item,
                 carillon_outcome *outcome) {
  const char *what = fault->what;
  if (strcmp(what, "segfault") == 0) return segfault();
  if (strcmp(what, "abort") == 0) abort();
  if (strcmp(what, "exit") == 0) exit(3);
  if (strcmp(what, "stack-overflow") == 0) return overflow(NULL) ? LEAVE_IT : DO_IT;
  if (strcmp(what, "hang") == 0)
    for (;;) pause();
  if (strcmp(what, "ignore-cancel") == 0) // busy, and deaf
    for (volatile uint64_t turns = 0;; turns++) self->host->is_cancelled(self->host, item->id);
  if (strcmp(what, "slow") == 0) return slow(self, fault, item, outcome);
  if (strcmp(what, "exhaust-memory") == 0) return exhaust_memory(outcome);
  if (strcmp(what, "leak-descriptors") == 0) return leak_descriptors(fault);
  if (strcmp(what, "flood-logs") == 0) return flood_logs(self, fault, item);
  if (strcmp(what, "garbage-frames") == 0) return garbage_frames(item);
  if (strcmp(what, "never-complete") == 0) return LEAVE_IT;
  return DO_IT; // complete-twice: done as any other, and again
}
