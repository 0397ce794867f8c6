// The layout of the contract, frozen: a change of any size or offset below breaks every plugin built before it.
// New fields are appended, and their lines with them.

#include "carillon_plugin.h"

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " changed its size")
#define AT(type, field, bytes) _Static_assert(offsetof(type, field) == (bytes), #type "." #field " moved")

_Static_assert(sizeof(void *) == 8, "the contract is for 64-bit machines");

SIZE(carillon_bytes, 16);
AT(carillon_bytes, data, 0);
AT(carillon_bytes, size, 8);

SIZE(carillon_new_item, 40);
AT(carillon_new_item, struct_size, 0);
AT(carillon_new_item, priority, 4);
AT(carillon_new_item, key, 8);
AT(carillon_new_item, payload, 24);

SIZE(carillon_item, 48);
AT(carillon_item, struct_size, 0);
AT(carillon_item, attempt, 4);
AT(carillon_item, id, 8);
AT(carillon_item, key, 16);
AT(carillon_item, payload, 32);

SIZE(carillon_batch, 24);
AT(carillon_batch, struct_size, 0);
AT(carillon_batch, count, 4);
AT(carillon_batch, stride, 8);
AT(carillon_batch, items, 16);

SIZE(carillon_outcome, 80);
AT(carillon_outcome, struct_size, 0);
AT(carillon_outcome, kind, 4);
AT(carillon_outcome, after_us, 8);
AT(carillon_outcome, reason, 16);
AT(carillon_outcome, output, 32);
AT(carillon_outcome, effect, 48);
AT(carillon_outcome, dependency, 64);

SIZE(carillon_run, 80);
AT(carillon_run, struct_size, 0);
AT(carillon_run, flags, 4);
AT(carillon_run, id, 8);
AT(carillon_run, job, 24);
AT(carillon_run, event, 40);
AT(carillon_run, started_at_us, 56);
AT(carillon_run, deadline_us, 64);
AT(carillon_run, due_at_us, 72);

SIZE(carillon_diagnostics, 24);
AT(carillon_diagnostics, struct_size, 0);
AT(carillon_diagnostics, context, 8);
AT(carillon_diagnostics, report, 16);

SIZE(carillon_sink, 48);
AT(carillon_sink, struct_size, 0);
AT(carillon_sink, context, 8);
AT(carillon_sink, checkpoint, 16);
AT(carillon_sink, emit, 32);
AT(carillon_sink, set_checkpoint, 40);

SIZE(carillon_result, 88);
AT(carillon_result, struct_size, 0);
AT(carillon_result, attempts, 4);
AT(carillon_result, kind, 8);
AT(carillon_result, duration_us, 16);
AT(carillon_result, key, 24);
AT(carillon_result, payload, 40);
AT(carillon_result, output, 56);
AT(carillon_result, reason, 72);

SIZE(carillon_summary, 64);
AT(carillon_summary, struct_size, 0);
AT(carillon_summary, context, 8);
AT(carillon_summary, succeeded, 16);
AT(carillon_summary, skipped, 24);
AT(carillon_summary, dead, 32);
AT(carillon_summary, cancelled, 40);
AT(carillon_summary, started_at_us, 48);
AT(carillon_summary, next, 56);

SIZE(carillon_host, 144);
AT(carillon_host, struct_size, 0);
AT(carillon_host, abi_major, 4);
AT(carillon_host, abi_minor, 6);
AT(carillon_host, context, 8);
AT(carillon_host, complete, 16);
AT(carillon_host, begin, 24);
AT(carillon_host, is_cancelled, 32);
AT(carillon_host, deadline_us, 40);
AT(carillon_host, idempotency_key, 48);
AT(carillon_host, log, 56);
AT(carillon_host, progress, 64);
AT(carillon_host, error, 72);
AT(carillon_host, checkpoint_get, 80);
AT(carillon_host, checkpoint_put, 88);
AT(carillon_host, emit_items, 96);
AT(carillon_host, emit_event, 104);
AT(carillon_host, artifact_put, 112);
AT(carillon_host, report, 120);
AT(carillon_host, secret, 128);
AT(carillon_host, extension, 136);

SIZE(carillon_plugin, 80);
AT(carillon_plugin, struct_size, 0);
AT(carillon_plugin, abi_major, 4);
AT(carillon_plugin, abi_minor, 6);
AT(carillon_plugin, describe, 8);
AT(carillon_plugin, check, 16);
AT(carillon_plugin, create, 24);
AT(carillon_plugin, discover, 32);
AT(carillon_plugin, process, 40);
AT(carillon_plugin, finish, 48);
AT(carillon_plugin, cancel, 56);
AT(carillon_plugin, destroy, 64);
AT(carillon_plugin, extension, 72);
