// The rules by which a library becomes a plugin. Each has its number in the frame contract.

#define _GNU_SOURCE // dlinfo
#include "host.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_MANIFEST_BYTES (256u * 1024u)

__attribute__((format(printf, 3, 4))) static bool refuse(struct refusal *why, uint32_t rule, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(why->message, sizeof why->message, format, arguments);
  va_end(arguments);
  why->rule = rule;
  return false;
}

// Whoever can replace the file, or the name it stands under, decides what code runs here.
static bool is_trusted(const char *path, const struct stat *file, struct refusal *why) {
  bool sticky = S_ISDIR(file->st_mode) && (file->st_mode & S_ISVTX);
  if ((file->st_mode & (S_IWGRP | S_IWOTH)) && !sticky)
    return refuse(why, CARILLON_REFUSED_MODE, "%s is writable by others than its owner (mode %04o); chmod go-w it", path,
                  file->st_mode & 07777);
  if (file->st_uid != 0 && file->st_uid != geteuid())
    return refuse(why, CARILLON_REFUSED_OWNER, "%s belongs to user %u; it must be root's or user %u's", path,
                  (unsigned)file->st_uid, (unsigned)geteuid());
  return true;
}

static bool check_file(const char *path, struct stat *file, struct refusal *why) {
  // O_NONBLOCK, or a FIFO would keep us here until somebody writes to it.
  int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return refuse(why, CARILLON_REFUSED_PATH, "%s cannot be opened: %s", path, strerror(errno));
  int failed = fstat(descriptor, file);
  close(descriptor);
  if (failed || !S_ISREG(file->st_mode)) return refuse(why, CARILLON_REFUSED_FILE, "%s is not a regular file", path);
  if (!is_trusted(path, file, why)) return false;

  char copy[PATH_MAX];
  snprintf(copy, sizeof copy, "%s", path);
  const char *folder = dirname(copy);
  struct stat around;
  if (stat(folder, &around) != 0)
    return refuse(why, CARILLON_REFUSED_PATH, "%s cannot be read: %s", folder, strerror(errno));
  return is_trusted(folder, &around, why);
}

// Loads through the path, not through /proc/self/fd: $ORIGIN in a library's RUNPATH is the folder of the name that it was
// loaded by. Only root or our own user can have swapped the file since it was checked; that it was not is checked again.
static void *open_library(const char *path, const struct stat *checked, struct refusal *why) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    refuse(why, CARILLON_REFUSED_LOAD, "%s", dlerror());
    return NULL;
  }
  struct link_map *map = NULL;
  struct stat now;
  if (dlinfo(library, RTLD_DI_LINKMAP, &map) != 0 || stat(map->l_name, &now) != 0 || now.st_dev != checked->st_dev ||
      now.st_ino != checked->st_ino) {
    refuse(why, CARILLON_REFUSED_FILE, "%s was replaced while it was being loaded", path);
    return NULL;
  }
  return library;
}

// Keeps a copy of what the plugin has: of an older, smaller one the calls past its end stay NULL.
static bool take_plugin(const char *path, const carillon_plugin *plugin, struct refusal *why) {
  if (!plugin) return refuse(why, CARILLON_REFUSED_ENTRY, "%s says that it cannot work here", path);
  if (plugin->abi_major != CARILLON_ABI_MAJOR)
    return refuse(why, CARILLON_REFUSED_ABI, "%s speaks plugin ABI %u.%u, this host speaks %u.%u; rebuild one of them", path,
                  plugin->abi_major, plugin->abi_minor, CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR);
  if (plugin->struct_size < offsetof(carillon_plugin, destroy) + sizeof plugin->destroy)
    return refuse(why, CARILLON_REFUSED_ABI, "%s describes itself in %u bytes: too few for the required calls", path,
                  plugin->struct_size);
  take_struct(&host.plugin, sizeof host.plugin, plugin, plugin->struct_size);
  const char *missing = !host.plugin.describe ? "describe" : !host.plugin.create ? "create"
                      : !host.plugin.discover ? "discover" : !host.plugin.process ? "process"
                      : !host.plugin.destroy ? "destroy" : NULL;
  if (missing) return refuse(why, CARILLON_REFUSED_ABI, "%s lacks the required call %s", path, missing);
  return true;
}

bool plugin_load(const char *path, carillon_bytes *manifest, struct refusal *why) {
  if (path[0] != '/') return refuse(why, CARILLON_REFUSED_PATH, "the path %s is not absolute", path);
  char real[PATH_MAX];
  if (!realpath(path, real)) return refuse(why, CARILLON_REFUSED_PATH, "%s: %s", path, strerror(errno));
  struct stat file;
  if (!check_file(real, &file, why)) return false;
  void *library = open_library(real, &file, why);
  if (!library) return false;
  carillon_plugin_entry_fn entry = NULL;
  *(void **)&entry = dlsym(library, CARILLON_ENTRY_SYMBOL); // as dlsym(3) has it: C knows no such conversion
  if (!entry) return refuse(why, CARILLON_REFUSED_ENTRY, "%s exports no %s", real, CARILLON_ENTRY_SYMBOL);
  if (!take_plugin(real, entry(), why)) return false;
  *manifest = host.plugin.describe();
  if (!manifest->data || manifest->size == 0 || manifest->size > MAX_MANIFEST_BYTES)
    return refuse(why, CARILLON_REFUSED_MANIFEST, "%s describes itself in %llu bytes; 1 to %u were expected", real,
                  manifest->data ? (unsigned long long)manifest->size : 0, MAX_MANIFEST_BYTES);
  return true;
}
