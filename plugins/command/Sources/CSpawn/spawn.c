#define _GNU_SOURCE
#include "command_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct failure {
  int stage;
  int code;
};

/* Between fork and exec. Only calls that are safe in a signal handler: another thread may have held any lock. */
static _Noreturn void give_up(int report, int stage) {
  struct failure failure = {stage, errno};
  ssize_t written;
  do written = write(report, &failure, sizeof failure);
  while (written < 0 && errno == EINTR);
  _exit(127);
}

/* The C library's own calls would also tell threads that the child does not have. */
static void become_user(const command_launch *launch, int report) {
  if (syscall(SYS_setgroups, launch->group_count, launch->groups) < 0) give_up(report, COMMAND_STAGE_GROUPS);
  if (syscall(SYS_setresgid, launch->gid, launch->gid, launch->gid) < 0) give_up(report, COMMAND_STAGE_GROUP);
  if (syscall(SYS_setresuid, launch->uid, launch->uid, launch->uid) < 0) give_up(report, COMMAND_STAGE_USER);
}

/* Every descriptor above 2 goes with exec; the report goes last, and tells the parent by that. */
static void close_on_exec(void) {
  if (syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  struct rlimit limit;
  int count = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 1048576 ? (int)limit.rlim_cur : 1048576;
  for (int descriptor = 3; descriptor < count; descriptor++) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

static _Noreturn void run_child(const command_launch *launch, pid_t parent, int report) {
  setsid();
  /* The C library hides the two signals that it uses itself; they, too, may have been ignored by whoever started this process. */
  unsigned long handling[4] = {(unsigned long)SIG_DFL};
  for (int number = 1; number < NSIG; number++) syscall(SYS_rt_sigaction, number, handling, NULL, sizeof(uint64_t));
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (launch->sets_user) become_user(launch, report);
  prctl(PR_SET_PDEATHSIG, SIGTERM); /* after the change of user, which would undo it */
  if (getppid() != parent) _exit(127);
  umask(launch->umask);
  if (chdir(launch->directory) < 0) give_up(report, COMMAND_STAGE_DIRECTORY);
  int input = launch->stdin_fd;
  if (launch->stdin_path && (input = open(launch->stdin_path, O_RDONLY | O_NOCTTY)) < 0) give_up(report, COMMAND_STAGE_STDIN);
  if (dup2(input, 0) < 0 || dup2(launch->stdout_fd, 1) < 0 || dup2(launch->stderr_fd, 2) < 0) {
    give_up(report, COMMAND_STAGE_DESCRIPTORS);
  }
  close_on_exec();
  execve(launch->path, launch->argv, launch->envp);
  give_up(report, COMMAND_STAGE_EXEC);
}

/* What the child reports; nothing when its exec went well. */
static struct failure await_exec(int report) {
  struct failure failure = {0, 0};
  size_t done = 0;
  while (done < sizeof failure) {
    ssize_t count = read(report, (char *)&failure + done, sizeof failure - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += (size_t)count;
  }
  if (done < sizeof failure) failure.stage = 0;
  return failure;
}

int command_spawn(const command_launch *launch, pid_t *pid, int *pidfd, int *stage) {
  int reading, writing;
  *stage = COMMAND_STAGE_FORK;
  int code = command_pipe(-1, &reading, &writing);
  if (code) return code;
  /* A handler of this process must not run in the child, whose signals are not yet its own. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t parent = getpid();
  pid_t child = fork();
  code = errno;
  if (child == 0) run_child(launch, parent, writing);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(writing);
  if (child < 0) {
    close(reading);
    return code;
  }
  struct failure failure = await_exec(reading);
  close(reading);
  if (!failure.stage) {
    *pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    if (*pidfd >= 0) {
      *pid = child;
      return 0;
    }
    failure.code = errno;
    failure.stage = COMMAND_STAGE_FORK;
    kill(-child, SIGKILL);
  }
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
  }
  *stage = failure.stage;
  return failure.code;
}

static int64_t microseconds(struct timeval time) { return time.tv_sec * INT64_C(1000000) + time.tv_usec; }

int command_reap(pid_t pid, command_end *end) {
  int status = 0;
  struct rusage usage;
  pid_t reaped;
  do reaped = wait4(pid, &status, WNOHANG, &usage);
  while (reaped < 0 && errno == EINTR);
  if (reaped < 0) return errno;
  if (reaped == 0) return EAGAIN;
  end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  end->code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  end->user_us = microseconds(usage.ru_utime);
  end->system_us = microseconds(usage.ru_stime);
  end->max_rss_kib = usage.ru_maxrss;
  return 0;
}

/* Above the numbers that the child is given, so that no dup2 there overwrites another. */
static int lift(int descriptor) {
  int lifted = fcntl(descriptor, F_DUPFD_CLOEXEC, 10);
  int code = errno;
  close(descriptor);
  errno = code;
  return lifted;
}

int command_pipe(int parent_end, int *read_end, int *write_end) {
  int pair[2];
  if (pipe2(pair, O_CLOEXEC) < 0) return errno;
  pair[0] = lift(pair[0]);
  int code = pair[0] < 0 ? errno : 0;
  pair[1] = lift(pair[1]);
  if (!code && pair[1] < 0) code = errno;
  if (!code && parent_end >= 0 && fcntl(pair[parent_end], F_SETFL, O_NONBLOCK) < 0) code = errno;
  if (code) {
    if (pair[0] >= 0) close(pair[0]);
    if (pair[1] >= 0) close(pair[1]);
    return code;
  }
  *read_end = pair[0];
  *write_end = pair[1];
  return 0;
}

int command_null(void) {
  int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return descriptor < 0 ? -1 : lift(descriptor);
}

int command_wake_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void command_prepare_thread(const char *name) {
  pthread_setname_np(pthread_self(), name);
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
}
