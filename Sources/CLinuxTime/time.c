#include "linux_time.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int carillon_wall_timer_create(void) {
  return timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
}

int carillon_wall_timer_arm(int fd, int64_t microseconds) {
  if (microseconds < 1) microseconds = 1;  // zero would disarm it
  struct itimerspec when = {
      .it_value = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000}};
  if (timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, NULL) == 0) return 0;
  return errno == ECANCELED ? 1 : -1;  // armed all the same; a read will not tell any more
}

int carillon_wall_timer_read(int fd) {
  uint64_t expirations;
  if (read(fd, &expirations, sizeof expirations) == sizeof expirations) return 1;
  if (errno == ECANCELED) return 2;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}
