/* The few Linux calls that Swift's Glibc module does not carry, or that are clearer in C. */
#ifndef CARILLON_LINUX_PROCESS_H
#define CARILLON_LINUX_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/* Starts `path` in a process group of its own with default signals, /dev/null as descriptor 0, and the given descriptors as 1, 2
 * and 3; everything above is closed in it. The three must be above 3. Returns 0 and sets `pid`, or an errno. */
int carillon_spawn(const char *path, char *const argv[], char *const envp[], int out, int err, int socket, pid_t *pid);

/* A pair of connected stream sockets, close-on-exec, both numbered above 9; `daemon_end` does not block. 0 or an errno. */
int carillon_socket_pair(int *daemon_end, int *host_end);

/* A pipe, close-on-exec, both ends numbered above 9; `read_end` does not block. 0 or an errno. */
int carillon_pipe(int *read_end, int *write_end);

/* A descriptor that becomes readable when `pid`, a child not yet waited for, ends; -1 on failure (errno). */
int carillon_pidfd(pid_t pid);

/* A counter descriptor to wake a poll, close-on-exec, not blocking; -1 on failure (errno). */
int carillon_eventfd(void);

/* Waits for the child and says how it ended: `signal` is 0 when it exited with `code`. 0 or an errno. */
int carillon_reap(pid_t pid, int *code, int *signal);

/* The processors that this process may run on. */
int carillon_usable_cores(void);

/* Gives freed memory back to the kernel, as far as whole pages of it are free. See malloc_trim(3). */
void carillon_give_memory_back(void);

/* Names the calling thread, at most 15 bytes, for people with a debugger. */
void carillon_name_thread(const char *name);

#endif
