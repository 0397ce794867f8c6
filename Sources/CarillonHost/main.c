// carillon-host: loads one plugin, calls it as the daemon asks, and dies with the daemon.

#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define THREAD_STACK_BYTES (1024u * 1024u)

struct host host = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .instance_lock = PTHREAD_MUTEX_INITIALIZER,
    .run.folder = -1,
};

void die(int code, const char *format, ...) {
  char line[1024] = "carillon-host: ";
  size_t begun = strlen(line);
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(line + begun, sizeof line - begun - 1, format, arguments);
  va_end(arguments);
  if (size < 0) size = 0;
  size_t end = begun + (size_t)size < sizeof line - 2 ? begun + (size_t)size : sizeof line - 2;
  line[end] = '\n';
  if (write(STDERR_FILENO, line, end + 1) < 0) code = code ? code : EXIT_FAILURE; // nobody is left to be told
  _exit(code);
}

static int64_t now_us(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_us(void) { return now_us(CLOCK_MONOTONIC); }
int64_t realtime_us(void) { return now_us(CLOCK_REALTIME); }

void wait_until(pthread_cond_t *condition, int64_t monotonic_us) {
  struct timespec at = {.tv_sec = monotonic_us / 1000000, .tv_nsec = monotonic_us % 1000000 * 1000};
  pthread_cond_timedwait(condition, &host.lock, &at);
}

static void set_up_conditions(void) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&host.work, &attributes);
  pthread_cond_init(&host.flush, &attributes);
  pthread_cond_init(&host.drained, &attributes);
  pthread_cond_init(&host.answered, &attributes);
  pthread_condattr_destroy(&attributes);
}

static void start_thread(void *(*body)(void *)) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  int problem = pthread_create(&thread, &attributes, body, NULL);
  if (problem) die(EXIT_NO_MEMORY, "cannot start a thread: %s", strerror(problem));
  pthread_attr_destroy(&attributes);
}

// A child that the plugin forks must not speak for the host, nor keep the connection open after its death. One that is made by
// exec loses the descriptor without this.
static void leave_connection(void) { close(CARILLON_FRAME_FD); }

// The ties to the daemon, and what the plugin can never do here.
static void confine(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) die(EXIT_DAEMON_GONE, "the daemon (process %d) is gone already", (int)parent);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  fcntl(CARILLON_FRAME_FD, F_SETFD, FD_CLOEXEC);
  pthread_atfork(NULL, NULL, leave_connection);
  signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setvbuf(stdout, NULL, _IOLBF, 0);
  mallopt(M_ARENA_MAX, 4); // each arena reserves 64 MB, which RLIMIT_AS counts
  mallopt(M_MMAP_THRESHOLD, 16 << 20); // a picture's memory goes back when it is freed; glibc would keep up to 32 MiB
}

_Noreturn static void serve(pid_t parent) {
  confine(parent);
  set_up_conditions();
  struct buffer hello = {0};
  put_u32(&hello, CARILLON_FRAMES_VERSION);
  put_u16(&hello, CARILLON_ABI_MAJOR);
  put_u16(&hello, CARILLON_ABI_MINOR);
  frame_send_buffer(CARILLON_FRAME_HELLO, &hello);
  start_thread(control_thread);
  start_thread(flusher_thread);
  for (;;) call_for(queue_take());
}

static int describe(const char *path) {
  char real[PATH_MAX];
  carillon_bytes manifest;
  struct refusal why;
  // People stand in a folder; the daemon does not, so only they may give a relative path.
  if (!realpath(path, real)) die(EXIT_FAILURE, "%s: %s", path, strerror(errno));
  if (!plugin_load(real, &manifest, &why)) die(EXIT_FAILURE, "refused: %s", why.message);
  fwrite(manifest.data, 1, manifest.size, stdout);
  putchar('\n');
  return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **arguments) {
  const char *verb = count > 1 ? arguments[1] : "";
  if (count == 2 && strcmp(verb, "--version") == 0) {
    printf("carillon-host (plugin ABI %u.%u, frames %u)\n", CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR,
           CARILLON_FRAMES_VERSION);
    return EXIT_SUCCESS;
  }
  if (count == 3 && strcmp(verb, "--describe") == 0) return describe(arguments[2]);
  struct stat socket;
  bool connected = fstat(CARILLON_FRAME_FD, &socket) == 0 && S_ISSOCK(socket.st_mode);
  if (count == 3 && strcmp(verb, "--parent") == 0 && connected) serve((pid_t)strtol(arguments[2], NULL, 10));
  die(EXIT_USAGE, "started by the carillon daemon, not by hand; for people: --version, --describe PLUGIN");
}
