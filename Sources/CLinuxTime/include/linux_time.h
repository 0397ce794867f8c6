// timerfd_create(2), which Swift's Glibc module leaves out.
#ifndef LINUX_TIME_H
#define LINUX_TIME_H

#include <stdint.h>

/// A timer of the wall clock, not armed. Returns a descriptor that the caller closes, or -1 and errno.
int carillon_wall_timer_create(void);

/// Arms the timer for an instant, in microseconds since 1970; one that is past fires at once. What it was armed for before is
/// forgotten. Returns 0; 1 when it is armed and the clock has been set since it was armed before, which a read does not tell any more;
/// or -1 and errno.
int carillon_wall_timer_arm(int fd, int64_t microseconds);

/// Reads the timer without waiting. Returns 1 when the instant has come, 2 when the clock was set since it was armed (arm it
/// again), 0 when neither has happened, -1 and errno when it cannot be read.
int carillon_wall_timer_read(int fd);

#endif
