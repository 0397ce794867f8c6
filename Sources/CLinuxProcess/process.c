#define _GNU_SOURCE
#include "linux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int carillon_spawn(const char *path, char *const argv[], char *const envp[], int out, int err, int socket, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int failure = posix_spawn_file_actions_init(&actions);
  if (failure) return failure;
  if ((failure = posix_spawnattr_init(&attributes))) {
    posix_spawn_file_actions_destroy(&actions);
    return failure;
  }
  (void)((failure = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)) ||
         (failure = posix_spawn_file_actions_adddup2(&actions, out, 1)) ||
         (failure = posix_spawn_file_actions_adddup2(&actions, err, 2)) ||
         (failure = posix_spawn_file_actions_adddup2(&actions, socket, 3)) ||
         (failure = posix_spawn_file_actions_addclosefrom_np(&actions, 4)) ||
         (failure = posix_spawnattr_setpgroup(&attributes, 0)) ||
         (failure = posix_spawnattr_setsigmask(&attributes, &none)) ||
         (failure = posix_spawnattr_setsigdefault(&attributes, &all)) ||
         (failure = posix_spawnattr_setflags(
              &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) ||
         (failure = posix_spawn(pid, path, &actions, &attributes, argv, envp)));
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

/* Moves a descriptor above the numbers that a spawned process is given, so that no dup2 there overwrites another. */
static int lift(int *descriptor) {
  int lifted = fcntl(*descriptor, F_DUPFD_CLOEXEC, 10);
  int failure = lifted < 0 ? errno : 0;
  close(*descriptor);
  *descriptor = lifted;
  return failure;
}

static int lift_both(int pair[2], int nonblocking) {
  int first = lift(&pair[0]);
  int second = lift(&pair[1]);
  int failure = first ? first : second;
  if (!failure && fcntl(pair[nonblocking], F_SETFL, O_NONBLOCK) < 0) failure = errno;
  if (failure) {
    if (pair[0] >= 0) close(pair[0]);
    if (pair[1] >= 0) close(pair[1]);
  }
  return failure;
}

int carillon_socket_pair(int *daemon_end, int *host_end) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) return errno;
  int failure = lift_both(pair, 0);
  if (failure) return failure;
  *daemon_end = pair[0];
  *host_end = pair[1];
  return 0;
}

int carillon_pipe(int *read_end, int *write_end) {
  int pair[2];
  if (pipe2(pair, O_CLOEXEC) < 0) return errno;
  int failure = lift_both(pair, 0);
  if (failure) return failure;
  *read_end = pair[0];
  *write_end = pair[1];
  return 0;
}

int carillon_pidfd(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int carillon_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int carillon_reap(pid_t pid, int *code, int *signal) {
  int status = 0;
  pid_t reaped;
  do reaped = waitpid(pid, &status, 0);
  while (reaped < 0 && errno == EINTR);
  if (reaped < 0) return errno;
  *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  *code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  return 0;
}

int carillon_usable_cores(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

void carillon_give_memory_back(void) { malloc_trim(0); }

void carillon_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

/* Before main, while there is one thread: items are allocated by one thread and freed by another, and glibc's own choice, eight
 * arenas a processor, keeps what was freed in each of them. See mallopt(3). */
__attribute__((constructor)) static void use_one_arena(void) { mallopt(M_ARENA_MAX, 1); }
