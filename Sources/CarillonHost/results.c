// The finished items of a run, fetched page by page while the plugin reads them.

#include "host.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

static int32_t next_page(struct results *results) {
  uint64_t cursor = htole64(results->cursor);
  free(results->page.body);
  results->page = request_ask(CARILLON_REQUEST_RESULTS, (carillon_bytes){0},
                              (carillon_bytes){.data = (const char *)&cursor, .size = sizeof cursor});
  if (results->page.status != CARILLON_OK) return results->page.status;
  const uint8_t *value = (const uint8_t *)results->page.value.data;
  results->reader = (struct reader){.at = value, .end = value + results->page.value.size};
  results->cursor = get_u64(&results->reader);
  results->left = get_u32(&results->reader);
  if (results->reader.broken) frame_broken("REPLY: page of results");
  return results->left ? CARILLON_OK : CARILLON_ABSENT;
}

int32_t results_next(void *context, carillon_result *result) {
  struct results *results = context;
  // The plugin owns the struct and says how much of it there is: an older one is not written past its end.
  uint32_t known = result ? result->struct_size : 0;
  if (known < offsetof(carillon_result, reason) || known > sizeof *result) known = sizeof *result;
  if (!result) return CARILLON_REFUSED;
  if (results->ended) return CARILLON_ABSENT;
  if (results->left == 0) {
    int32_t status = next_page(results);
    results->ended = status == CARILLON_ABSENT;
    if (status != CARILLON_OK) return status;
  }
  struct reader *in = &results->reader;
  carillon_result whole = {.struct_size = known};
  whole.attempts = get_u32(in);
  whole.kind = get_u32(in);
  whole.duration_us = (int64_t)get_u64(in);
  uint32_t key = get_u32(in), payload = get_u32(in), output = get_u32(in), reason = get_u32(in);
  whole.key = get_raw(in, key);
  whole.payload = get_raw(in, payload);
  whole.output = get_raw(in, output);
  whole.reason = get_raw(in, reason);
  memcpy(result, &whole, known);
  if (--results->left == 0 ? !reader_done(in) : in->broken) frame_broken("REPLY: page of results");
  return CARILLON_OK;
}
