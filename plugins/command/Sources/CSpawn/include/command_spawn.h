/* Starting a process as another user, with nothing but what it is given: what posix_spawn(3) cannot do. */
#ifndef CARILLON_COMMAND_SPAWN_H
#define CARILLON_COMMAND_SPAWN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Where the start of a process failed. */
#define COMMAND_STAGE_FORK 1
#define COMMAND_STAGE_GROUPS 2
#define COMMAND_STAGE_GROUP 3
#define COMMAND_STAGE_USER 4
#define COMMAND_STAGE_DIRECTORY 5
#define COMMAND_STAGE_STDIN 6
#define COMMAND_STAGE_DESCRIPTORS 7
#define COMMAND_STAGE_EXEC 8

/* What is to be started. All of it belongs to the caller and is only read. */
typedef struct command_launch {
  const char *path;          /* as execve(2) takes it: relative ones are meant from `directory` */
  char *const *argv;         /* ends with NULL */
  char *const *envp;         /* ends with NULL */
  const char *directory;     /* entered as the new user */
  const char *stdin_path;    /* opened for reading as the new user, from `directory`; NULL: `stdin_fd` counts */
  int stdin_fd;              /* becomes descriptor 0 */
  int stdout_fd;             /* becomes descriptor 1 */
  int stderr_fd;             /* becomes descriptor 2 */
  int sets_user;             /* 1: take on `uid`, `gid` and `groups` before anything else is touched */
  uid_t uid;
  gid_t gid;
  const gid_t *groups;
  size_t group_count;
  mode_t umask;
} command_launch;

/* Starts a process in a session and process group of its own, with default signals, descriptors 0, 1 and 2, and no other. It
 * gets SIGTERM when the calling thread ends before it does. The three descriptors must be above 9. Returns once the program runs: 0, and
 * `pid` and `pidfd` (close-on-exec) are set; or an errno, and `stage` says where. Blocks for the length of fork and exec. */
int command_spawn(const command_launch *launch, pid_t *pid, int *pidfd, int *stage);

/* How a process ended, and what it took with the children that it waited for. */
typedef struct command_end {
  int code;            /* its exit code; 0 when a signal ended it */
  int signal;          /* the signal that ended it; 0: it exited */
  int64_t user_us;     /* processor time */
  int64_t system_us;
  int64_t max_rss_kib; /* the largest resident memory of one process */
} command_end;

/* Takes the end of a child that has ended. 0 or an errno; EAGAIN: it has not ended. */
int command_reap(pid_t pid, command_end *end);

/* Starts the guard: a process in a session of its own that holds nothing but one end of a socket. When the other end is closed,
 * which is when this process is gone, it sends SIGTERM to the groups that it has been told of, reads away what they print (or
 * they would die of SIGPIPE before they can clean up), and sends SIGKILL to what is left of each when its grace is over. Sets
 * `descriptor` (close-on-exec) and `pid`. 0 or an errno. */
int command_guard_start(int *descriptor, pid_t *pid);

/* Tells the guard of a group, its grace, and the reading ends of its output, which stay the caller's, too. 0 or an errno. */
int command_guard_watch(int descriptor, pid_t group, int32_t grace_ms, int output, int errors);

/* Takes a group back. 0 or an errno. */
int command_guard_forget(int descriptor, pid_t group);

/* Ends the guard, which must know of no group. Closes the descriptor. */
void command_guard_end(int descriptor, pid_t pid);

/* A pipe, close-on-exec, both ends above 9; `parent_end` (0: the reading one, 1: the writing one) does not block. 0 or an errno. */
int command_pipe(int parent_end, int *read_end, int *write_end);

/* /dev/null for reading, close-on-exec, above 9; -1 on failure (errno). */
int command_null(void);

/* A counter descriptor to wake a poll, close-on-exec, not blocking; -1 on failure (errno). */
int command_wake_descriptor(void);

/* Names the calling thread, at most 15 bytes, and keeps SIGPIPE from it: a command may close its standard input early. */
void command_prepare_thread(const char *name);

#endif
