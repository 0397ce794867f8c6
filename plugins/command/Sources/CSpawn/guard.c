#define _GNU_SOURCE
#include "command_spawn.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* As many as a worker can have items in flight. */
#define MAX_GROUPS 4096

struct word {
  int32_t group;
  int32_t grace_ms; /* below 0: the group is taken back */
};

struct group {
  struct word word;
  int outputs[2]; /* -1: none */
};

/* The guard's own; the process that starts it never looks at them. */
static struct group groups[MAX_GROUPS];
static int group_count;

static void drop(int place) {
  for (int stream = 0; stream < 2; stream++) {
    if (groups[place].outputs[stream] >= 0) close(groups[place].outputs[stream]);
  }
  groups[place] = groups[--group_count];
}

static void take(struct word word, const int outputs[2]) {
  for (int place = group_count - 1; place >= 0; place--) {
    if (groups[place].word.group == word.group) drop(place);
  }
  if (word.grace_ms < 0 || group_count == MAX_GROUPS) {
    for (int stream = 0; stream < 2; stream++) {
      if (outputs[stream] >= 0) close(outputs[stream]);
    }
  } else {
    groups[group_count++] = (struct group){word, {outputs[0], outputs[1]}};
  }
}

static void read_away(const struct group *group) {
  static char nowhere[65536];
  for (int stream = 0; stream < 2; stream++) {
    /* A writer without end must not keep it from the other groups. */
    for (int round = 0; round < 64 && group->outputs[stream] >= 0; round++) {
      if (read(group->outputs[stream], nowhere, sizeof nowhere) <= 0) break;
    }
  }
}

/* SIGTERM to all, then SIGKILL to each in its time. */
static void end_groups(void) {
  for (int place = 0; place < group_count; place++) {
    kill(-groups[place].word.group, SIGTERM);
    kill(-groups[place].word.group, SIGCONT);
  }
  const int step_ms = 20;
  for (int64_t waited_ms = 0; group_count > 0; waited_ms += step_ms) {
    for (int place = group_count - 1; place >= 0; place--) {
      struct word word = groups[place].word;
      read_away(&groups[place]);
      int is_gone = kill(-word.group, 0) < 0 && errno == ESRCH;
      if (!is_gone && waited_ms < word.grace_ms) continue;
      if (!is_gone) kill(-word.group, SIGKILL);
      drop(place);
    }
    struct timespec step = {0, step_ms * 1000000};
    nanosleep(&step, NULL);
  }
}

/* Room for one message's two descriptors, aligned as cmsg(3) wants it. */
union passed {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(2 * sizeof(int))];
};

/* 0 at the end. */
static int next_word(int descriptor, struct word *word, int outputs[2]) {
  union passed passed;
  struct iovec part = {word, sizeof *word};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = passed.bytes, .msg_controllen = sizeof passed.bytes};
  ssize_t count;
  do count = recvmsg(descriptor, &message, MSG_CMSG_CLOEXEC);
  while (count < 0 && errno == EINTR);
  outputs[0] = outputs[1] = -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (count > 0 && header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(2 * sizeof(int))) {
    memcpy(outputs, CMSG_DATA(header), 2 * sizeof(int));
  }
  return count == sizeof *word;
}

/* Only calls that are safe between fork and exec: there is no exec. */
static _Noreturn void run_guard(int descriptor) {
  setsid();
  prctl(PR_SET_NAME, "command-guard");
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  dup2(descriptor, 0);
  if (syscall(SYS_close_range, 1, ~0U, 0) < 0) {
    for (int other = 1; other < 65536; other++) close(other);
  }
  struct word word;
  int outputs[2];
  while (next_word(0, &word, outputs)) take(word, outputs);
  end_groups();
  _exit(0);
}

int command_guard_start(int *descriptor, pid_t *pid) {
  int ends[2];
  /* Each word stays whole. */
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return errno;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = fork();
  int code = errno;
  if (child == 0) run_guard(ends[1]);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return code;
  }
  *descriptor = ends[0];
  *pid = child;
  return 0;
}

static int tell(int descriptor, struct word word, const int *outputs) {
  union passed passed;
  memset(&passed, 0, sizeof passed);
  struct iovec part = {&word, sizeof word};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (outputs) {
    message.msg_control = passed.bytes;
    message.msg_controllen = sizeof passed.bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(header), outputs, 2 * sizeof(int));
  }
  ssize_t count;
  do count = sendmsg(descriptor, &message, MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);
  return count < 0 ? errno : 0;
}

int command_guard_watch(int descriptor, pid_t group, int32_t grace_ms, int output, int errors) {
  int outputs[2] = {output, errors};
  return tell(descriptor, (struct word){group, grace_ms}, outputs);
}

int command_guard_forget(int descriptor, pid_t group) { return tell(descriptor, (struct word){group, -1}, NULL); }

void command_guard_end(int descriptor, pid_t pid) {
  close(descriptor);
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
  }
}
