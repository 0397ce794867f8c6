// A file for people: whole under its name, or not there at all.

#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define MAX_NAME_BYTES 128

static bool is_plain(carillon_bytes name) {
  if (!is_name(name, MAX_NAME_BYTES) || name.data[0] == '.') return false;
  for (uint64_t i = 0; i < name.size; i++) {
    char c = name.data[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

static bool write_whole(int file, carillon_bytes content) {
  for (uint64_t done = 0; done < content.size;) {
    ssize_t written = write(file, content.data + done, content.size - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    done += (uint64_t)written;
  }
  return fsync(file) == 0;
}

static bool put_file(int folder, const char *name, carillon_bytes content) {
  static atomic_uint last;
  char temporary[MAX_NAME_BYTES + 64];
  snprintf(temporary, sizeof temporary, ".%s.tmp-%d-%u", name, (int)getpid(), atomic_fetch_add(&last, 1));
  unlinkat(folder, temporary, 0); // left by a dead process that had our id
  int file = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return false;
  bool written = write_whole(file, content);
  int problem = errno;
  if (close(file) != 0 && written) {
    written = false;
    problem = errno;
  }
  if (written && renameat(folder, temporary, folder, name) == 0) return fsync(folder) == 0;
  if (written) problem = errno;
  unlinkat(folder, temporary, 0);
  errno = problem;
  return false;
}

int32_t artifact_put(const carillon_host *self, uint64_t item, carillon_bytes name, carillon_bytes media_type,
                     carillon_bytes content) {
  if (!is_plain(name) || !readable(media_type) || !readable(content)) return CARILLON_REFUSED;
  if (media_type.size > CARILLON_MAX_KEY_BYTES) return CARILLON_REFUSED;
  char plain[MAX_NAME_BYTES + 1] = {0};
  memcpy(plain, name.data, name.size);

  // A descriptor of our own: the plugin's threads may outlast the run that this one belongs to.
  pthread_mutex_lock(&host.lock);
  bool known = item == 0 || item_find(item);
  int folder = known && host.run.folder >= 0 ? fcntl(host.run.folder, F_DUPFD_CLOEXEC, CARILLON_FRAME_FD + 1) : -1;
  bool refused = folder < 0 && (!known || host.run.folder < 0);
  pthread_mutex_unlock(&host.lock);
  if (refused) return CARILLON_REFUSED;

  bool put = folder >= 0 && put_file(folder, plain, content);
  if (!put) host_log(item, CARILLON_LOG_ERROR, "the artifact %s was not written: %s", plain, strerror(errno));
  if (folder >= 0) close(folder);
  if (!put) return CARILLON_ERROR;
  struct buffer body = {0};
  put_u64(&body, item);
  put_u64(&body, content.size);
  put_str(&body, name);
  put_str(&body, media_type);
  frame_send_buffer(CARILLON_FRAME_ARTIFACT, &body);
  return CARILLON_OK;
}
