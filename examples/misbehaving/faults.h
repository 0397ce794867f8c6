// faults.h: what an item of this plugin can do wrong.

#ifndef EXAMPLE_FAULTS_H
#define EXAMPLE_FAULTS_H

#include "carillon_plugin.h"
#include "json.h"

#include <stdint.h>

#define MAX_FAULTS 256

struct fault {
  char key[64];
  char what[32];
  uint32_t ms;    // slow: how long
  uint32_t times; // only for the first so many attempts
  uint32_t count; // leak-descriptors, flood-logs: how many; 0: as many as it takes
};

struct misbehaving {
  const carillon_host *host;
  uint64_t items, work_us;
  char ledger_path[4096];
  int ledger; // -1: none
  bool ledger_runs; // lines name the run too
  uint32_t fault_count;
  struct fault faults[MAX_FAULTS];
};

// What process does with an item after its fault: do and complete it, complete it as the fault said, or leave it open.
enum next { DO_IT, COMPLETE_IT, LEAVE_IT };

bool fault_is_known(const char *what);
enum next commit(const struct misbehaving *self, const struct fault *fault, const carillon_item *item,
                 carillon_outcome *outcome);
void sleep_us(uint64_t us);

static inline carillon_bytes bytes_of(const char *text) {
  carillon_bytes bytes = {text, strlen(text)};
  return bytes;
}

#endif
