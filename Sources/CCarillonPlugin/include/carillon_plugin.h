/* carillon_plugin.h: the contract between Carillon and a plugin. Version 1.0.
 *
 * A plugin is a shared library that names items of work and does them. Carillon loads it into a process of its own
 * (carillon-host), one plugin a process, and speaks to it through the functions below. This header is the whole contract:
 * C11, also valid C++, no dependency but the four standard headers it includes.
 *
 * The life of a plugin in its host:
 *
 *     carillon_plugin_entry_v1 -> describe -> check*                       (a dry look; no instance is made)
 *     carillon_plugin_entry_v1 -> describe -> create -> { discover | process | finish }* -> destroy
 *
 * THREADS. Functions are tagged with the thread they are called on:
 *   [main-thread]   the host's main thread. Calls on it never overlap. Blocking is allowed: a watchdog runs elsewhere.
 *   [any-thread]    may be called from any thread, also from several at once.
 *   [control-thread] the host's control thread, while the main thread may be inside another call. Must return at once.
 * and with the STATE in which they may be called: [loaded] after the entry returned, [created] between create and destroy,
 * [in discover], [in process], [in finish] while that call is under way, [in item] from process until that item is complete.
 *
 * MEMORY. Nobody frees the other side's memory and no allocation crosses the border. Each pointer's owner and lifetime
 * stands beside it; where nothing is said, it is the caller's and valid until the call returns. `carillon_bytes` is a
 * pointer and a length; text is UTF-8 and NOT terminated by a NUL byte; an empty one may have a NULL pointer.
 *
 * GROWTH. Structs only grow, at the end, and begin with `struct_size`: the size that the side which filled it in knows.
 * Each side reads min(struct_size, sizeof(its own)) bytes; a field past that is absent and takes its documented default.
 * Arrays of such structs are walked by the given stride, never by sizeof. Added calls raise CARILLON_ABI_MINOR; a break
 * would raise CARILLON_ABI_MAJOR and come with another entry symbol. Everything experimental is an extension, asked for by
 * a string id (`carillon.<name>/<version>`), never a change of the structs below.
 *
 * NUMBERS. Times are microseconds since 1970-01-01T00:00:00Z, durations are microseconds. A fixed-width integer stands
 * where other languages have an enum: an unknown value from a newer side is treated as the text beside it says.
 */
#ifndef CARILLON_PLUGIN_H
#define CARILLON_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CARILLON_ABI_MAJOR 1u
#define CARILLON_ABI_MINOR 0u

/* Put before the definition of the entry so that it is visible however the library is compiled. */
#define CARILLON_EXPORT __attribute__((visibility("default")))

/* ---- Limits. What exceeds them is refused, never cut without a word. ----------------------------------------------- */

#define CARILLON_MAX_KEY_BYTES 1024u /* an item's key; at least 1 byte, UTF-8, no NUL byte. Also names of checkpoints, events */
#define CARILLON_MAX_PAYLOAD_BYTES (256u * 1024u) /* an item's payload */
#define CARILLON_MAX_OUTPUT_BYTES (64u * 1024u)   /* an outcome's output, and its effect, and a run's report */
#define CARILLON_MAX_REASON_BYTES (16u * 1024u)   /* an outcome's reason, an error, one log line: longer ones are cut */
#define CARILLON_MAX_EVENT_BYTES (64u * 1024u)    /* one event's JSON */
#define CARILLON_MAX_CHECKPOINT_BYTES (256u * 1024u) /* one checkpoint's value */

/* ---- Status: what functions return. --------------------------------------------------------------------------------- */

#define CARILLON_OK 0        /* done */
#define CARILLON_ERROR 1     /* failed; the callee has said why through host->error (plugin) or the status alone (host) */
#define CARILLON_PENDING 2   /* process only: returned before every item is complete; the rest will be completed later */
#define CARILLON_CANCELLED 3 /* the run or item is being cancelled: stop and return soon */
#define CARILLON_REFUSED 4   /* the host refused the argument (too large, unknown item, wrong state); nothing happened */
#define CARILLON_ABSENT 5    /* nothing of that name (a secret, a checkpoint), or the end of a listing */

/* ---- Outcomes: what an attempt came to. An unknown kind is taken as CARILLON_RETRY. -------------------------------- */

#define CARILLON_SUCCEEDED 1u    /* done; `output` is kept */
#define CARILLON_SKIPPED 2u      /* nothing to do; `reason` says why. Final; not a failure */
#define CARILLON_RETRY 3u        /* failed, worth trying again: costs an attempt */
#define CARILLON_FAILED 4u       /* failed for good: becomes a dead letter at once */
#define CARILLON_RATE_LIMITED 5u /* told to slow down: tried again after `after_us`, costs no attempt */
#define CARILLON_UNAVAILABLE 6u  /* `dependency` is down: feeds its circuit breaker, costs no attempt */

/* ---- Log levels. An unknown level is taken as CARILLON_INFO. -------------------------------------------------------- */

#define CARILLON_DEBUG 1u
#define CARILLON_INFO 2u
#define CARILLON_WARNING 3u
#define CARILLON_LOG_ERROR 4u

/* ---- Run flags. Unknown bits are ignored. --------------------------------------------------------------------------- */

#define CARILLON_RUN_PLAN 1u /* effects are described (`outcome.effect`), never done */

/* Bytes that somebody else owns. */
typedef struct carillon_bytes {
  const char *data; /* NULL only when size is 0 */
  uint64_t size;    /* bytes */
} carillon_bytes;

/* One item as a plugin names it. Filled in by the plugin. */
typedef struct carillon_new_item {
  uint32_t struct_size;
  int32_t priority;       /* higher runs first; 0 is usual */
  carillon_bytes key;     /* unique in the run: a second item of the same key is ignored and counted */
  carillon_bytes payload; /* handed back in `carillon_item.payload`: the plugin's own format (the Swift SDK: JSON) */
} carillon_new_item;

/* One item to be done. Filled in by the host; it and what it points to live until the item is complete. */
typedef struct carillon_item {
  uint32_t struct_size;
  uint32_t attempt;     /* 1 for the first */
  uint64_t id;          /* names this attempt in calls to the host; meaningless elsewhere and afterwards */
  carillon_bytes key;
  carillon_bytes payload;
} carillon_item;

/* Items handed over together. Filled in by the host; valid until process returns (each item: until it is complete). */
typedef struct carillon_batch {
  uint32_t struct_size;
  uint32_t count;             /* at least 1, at most the manifest's max_in_flight */
  uint32_t stride;            /* bytes from one item to the next */
  uint32_t reserved;          /* 0 */
  const carillon_item *items; /* use CARILLON_ITEM(batch, i) */
} carillon_batch;

/* The i-th item of a batch, whatever the host's version. */
#define CARILLON_ITEM(batch, i) \
  ((const carillon_item *)(const void *)((const char *)(batch)->items + (size_t)(i) * (batch)->stride))

/* What an attempt came to. Filled in by the plugin; copied before `complete` returns. Zeroed fields are the defaults. */
typedef struct carillon_outcome {
  uint32_t struct_size;
  uint32_t kind;             /* CARILLON_SUCCEEDED ... CARILLON_UNAVAILABLE */
  int64_t after_us;          /* RETRY, RATE_LIMITED, UNAVAILABLE: wait at least this long; <= 0: as the job's policy says */
  carillon_bytes reason;     /* for people: why it was skipped or failed. Required for every kind but SUCCEEDED */
  carillon_bytes output;     /* a JSON document kept with the item; empty for none */
  carillon_bytes effect;     /* plan mode: a JSON document, what would be done; empty for nothing */
  carillon_bytes dependency; /* UNAVAILABLE: the name of what is down, e.g. a host name */
} carillon_outcome;

/* The run that a call belongs to. Filled in by the host; valid until the call returns. */
typedef struct carillon_run {
  uint32_t struct_size;
  uint32_t flags;            /* CARILLON_RUN_PLAN */
  carillon_bytes id;         /* the run's id; `id "/" item key` is each item's idempotency key */
  carillon_bytes job;        /* the job's name */
  carillon_bytes event;      /* the JSON document that triggered the run; empty when it was not an event */
  int64_t started_at_us;
  int64_t deadline_us;       /* the run is cancelled then; 0: no deadline */
  int64_t due_at_us;         /* the instant of its schedule that the run stands for, also where it is caught up or backfilled
                              * and begins much later; 0, or absent: none, as for a run by hand */
} carillon_run;

/* Where `check` says what is wrong with a configuration. Filled in by the host. */
typedef struct carillon_diagnostics {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  void *context;     /* the host's; pass it back */
  /* Reports one finding. `pointer` is a JSON pointer (RFC 6901) into the configuration, empty for the whole; `is_error` is 1
   * for what forbids a run and 0 for a warning. [main-thread, in check] */
  void (*report)(void *context, int32_t is_error, carillon_bytes pointer, carillon_bytes message);
} carillon_diagnostics;

/* Where `discover` puts items. Filled in by the host. */
typedef struct carillon_sink {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  void *context;     /* the host's; pass it back */
  /* The value of the last checkpoint that was stored for this discovery; empty the first time. The host's; valid until
   * discover returns. A discovery that was broken off begins again with it. */
  carillon_bytes checkpoint;
  /* Adds `count` items (`stride` bytes apart). Blocks while the store is behind. CARILLON_OK; CARILLON_CANCELLED: return
   * soon; CARILLON_REFUSED: an item breaks a limit and none of them was taken. [any-thread, in discover] */
  int32_t (*emit)(void *context, const carillon_new_item *items, uint32_t count, uint32_t stride);
  /* Marks that all items emitted so far need not be emitted again: after a break, discovery begins with `value`. It is
   * stored in the same transaction as the last of those items. [any-thread, in discover] */
  int32_t (*set_checkpoint)(void *context, carillon_bytes value);
} carillon_sink;

/* One finished item, as `finish` reads it. The plugin owns the struct and sets `struct_size`; the host fills in no more than
 * that, and what the fields point to is valid until the next call to `next`. */
typedef struct carillon_result {
  uint32_t struct_size;
  uint32_t attempts;       /* how many were charged */
  uint32_t kind;           /* CARILLON_SUCCEEDED, _SKIPPED, or CARILLON_FAILED for every other end */
  uint32_t reserved;       /* 0 */
  int64_t duration_us;     /* of the last attempt */
  carillon_bytes key;
  carillon_bytes payload;
  carillon_bytes output;
  carillon_bytes reason;
} carillon_result;

/* What a run came to, for `finish`. Filled in by the host. */
typedef struct carillon_summary {
  uint32_t struct_size;
  uint32_t reserved;   /* 0 */
  void *context;       /* the host's; pass it back */
  uint64_t succeeded;  /* items by their end */
  uint64_t skipped;
  uint64_t dead;       /* dead letters and poisoned items */
  uint64_t cancelled;
  int64_t started_at_us;
  /* The next finished item in the order of discovery: CARILLON_OK, CARILLON_ABSENT after the last one, or
   * CARILLON_CANCELLED. Items are fetched in pages: a million of them need no memory. [main-thread, in finish] */
  int32_t (*next)(void *context, carillon_result *result);
} carillon_summary;

/* What the host does for a plugin. Filled in by the host; valid from create until destroy returns. Every function takes the
 * struct itself as its first argument. Where an argument `item` is 0, the run as a whole is meant. */
typedef struct carillon_host {
  uint32_t struct_size;
  uint16_t abi_major; /* of the host */
  uint16_t abi_minor;
  void *context;      /* the host's own */

  /* Completes an item: the one call that counts. Each item is completed once; a second call for it is CARILLON_REFUSED and
   * logged. Also CARILLON_REFUSED: an unknown item, an output over its limit (the item is then still open).
   * [any-thread, in item] */
  int32_t (*complete)(const struct carillon_host *host, uint64_t item, const carillon_outcome *outcome);

  /* Says that work on an item begins now: its clock starts. Optional. Without it an item's clock starts when the host
   * handed it over or when it last completed another item, whichever is later. [any-thread, in item] */
  void (*begin)(const struct carillon_host *host, uint64_t item);

  /* 1 when the item (0: everything in this process) should stop: then complete it with any outcome and return soon.
   * [any-thread, created] */
  int32_t (*is_cancelled)(const struct carillon_host *host, uint64_t item);

  /* Microseconds since 1970 at which the item will be cancelled; 0: none. [any-thread, in item] */
  int64_t (*deadline_us)(const struct carillon_host *host, uint64_t item);

  /* Copies the item's idempotency key, `run id "/" item key`, into `buffer` and returns its whole length, which may exceed
   * `capacity`: then nothing is copied. The same for every attempt of the item. [any-thread, in item] */
  uint64_t (*idempotency_key)(const struct carillon_host *host, uint64_t item, char *buffer, uint64_t capacity);

  /* One line of log. Blocks when the daemon is behind. [any-thread, created] */
  void (*log)(const struct carillon_host *host, uint64_t item, uint32_t level, carillon_bytes message);

  /* How far an item (0: the discovery) is: `done` of `total` (0: unknown). Kept only for display; the newest wins.
   * [any-thread, created] */
  void (*progress)(const struct carillon_host *host, uint64_t item, uint64_t done, uint64_t total);

  /* Says why the present call is about to return CARILLON_ERROR. The last one counts. [main-thread; also before create
   * returns NULL] */
  void (*error)(const struct carillon_host *host, carillon_bytes message);

  /* Reads a value that this job keeps from run to run, into `buffer`. `size` gets its whole length; CARILLON_REFUSED when
   * that exceeds `capacity` (nothing is copied), CARILLON_ABSENT when there is none. [any-thread, created, during a run] */
  int32_t (*checkpoint_get)(const struct carillon_host *host, carillon_bytes key, char *buffer, uint64_t capacity,
                            uint64_t *size);

  /* Keeps a value for this job; returns when it is durable. An empty value removes it. [any-thread, created, during a run] */
  int32_t (*checkpoint_put)(const struct carillon_host *host, carillon_bytes key, carillon_bytes value);

  /* Adds further items to the run (fan-out) while `item` is worked on. They are stored no later than that item's outcome.
   * CARILLON_REFUSED: an item breaks a limit and none of them was taken. [any-thread, in item] */
  int32_t (*emit_items)(const struct carillon_host *host, uint64_t item, const carillon_new_item *items, uint32_t count,
                        uint32_t stride);

  /* Emits an event: a type (`image_processed`) and a JSON document. Those of an item are stored in the transaction that
   * stores its SUCCEEDED or SKIPPED outcome, and dropped with any other. At most 64 for an item. [any-thread, in item or
   * in finish] */
  int32_t (*emit_event)(const struct carillon_host *host, uint64_t item, carillon_bytes type, carillon_bytes json);

  /* Leaves a file for people in the run's artifact folder: written under a temporary name, synced, renamed over an older one
   * of that name. `name` is a plain file name ([A-Za-z0-9._-], not beginning with a dot, at most 128 bytes).
   * [any-thread, created, during a run] */
  int32_t (*artifact_put)(const struct carillon_host *host, uint64_t item, carillon_bytes name, carillon_bytes media_type,
                          carillon_bytes content);

  /* Sets the run's report: one JSON object shown by `carillon run show`. The last one counts. [main-thread, in finish] */
  int32_t (*report)(const struct carillon_host *host, carillon_bytes json);

  /* Reads a secret by name, as checkpoint_get. Never log it. [any-thread, created, during a run] */
  int32_t (*secret)(const struct carillon_host *host, carillon_bytes name, char *buffer, uint64_t capacity,
                    uint64_t *size);

  /* An extension of the host by its id, or NULL. What it returns lives as long as the host. `id` ends in a NUL byte.
   * [any-thread, created] */
  const void *(*extension)(const struct carillon_host *host, const char *id);
} carillon_host;

/* What a plugin is. Static: valid from the entry's return until the process ends. Filled in by the plugin. */
typedef struct carillon_plugin {
  uint32_t struct_size;
  uint16_t abi_major; /* CARILLON_ABI_MAJOR as the plugin was compiled: another one is refused with a message naming both */
  uint16_t abi_minor;

  /* The manifest: a static JSON document. Required: "id" ([a-z0-9-]+), "version". Optional: "summary",
   * "max_in_flight" (how many items one process is given at a time; default 1, at most 4096), "workers" (default number of
   * processes; 0, the default: one for each core), "item_timeout_s" (default 300). Unknown keys are ignored.
   * [main-thread, loaded] */
  carillon_bytes (*describe)(void);

  /* Checks a configuration without side effects and reports every finding, not only the first. CARILLON_OK when nothing
   * forbids a run, else CARILLON_ERROR. `config` is a JSON document. May be NULL: everything is accepted.
   * [main-thread, loaded] */
  int32_t (*check)(carillon_bytes config, const carillon_diagnostics *diagnostics);

  /* Makes an instance. `host` outlives it. Returns NULL after host->error on failure. [main-thread, loaded] */
  void *(*create)(const carillon_host *host, carillon_bytes config);

  /* Names the items of a run through `sink`. CARILLON_OK when all are named; CARILLON_CANCELLED when it stopped because it was
   * told to; CARILLON_ERROR after host->error. Both of these: tried again from the last checkpoint. [main-thread, created] */
  int32_t (*discover)(void *instance, const carillon_run *run, const carillon_sink *sink);

  /* Does the items of a batch: completes each through host->complete, in any order, from any thread. CARILLON_OK: all that
   * will ever be completed is; what is still open counts as CARILLON_RETRY "was never completed". CARILLON_PENDING: the rest
   * is completed later, from the plugin's own threads, while further batches may come. CARILLON_ERROR after host->error:
   * everything still open in this batch is CARILLON_RETRY with that message. [main-thread, created] */
  int32_t (*process)(void *instance, const carillon_run *run, const carillon_batch *batch);

  /* Looks back on a run whose items are all finished: report, artifacts, events. May be NULL. CARILLON_ERROR after host->error
   * is logged with the run and changes no item. [main-thread, created] */
  int32_t (*finish)(void *instance, const carillon_run *run, const carillon_summary *summary);

  /* Tells that an item (0: all of them, and a discovery or finish under way) should stop. host->is_cancelled already says
   * so, also where this comes just before the item is handed over. It ends what is open, not the instance, which may be given
   * another run. May be NULL. Items are still completed by the plugin; after the grace period the process is killed.
   * [control-thread, created] */
  void (*cancel)(void *instance, uint64_t item);

  /* Ends the instance. No call is under way and no item is open. [main-thread, created] */
  void (*destroy)(void *instance);

  /* An extension of the plugin by its id, or NULL. May be NULL. [main-thread, loaded] */
  const void *(*extension)(const char *id);
} carillon_plugin;

/* The one symbol that a plugin exports. Returns NULL when the plugin cannot work at all here. [main-thread] */
CARILLON_EXPORT const carillon_plugin *carillon_plugin_entry_v1(void);

#define CARILLON_ENTRY_SYMBOL "carillon_plugin_entry_v1"

/* The type of the entry, for who looks it up. */
typedef const carillon_plugin *(*carillon_plugin_entry_fn)(void);

#ifdef __cplusplus
}
#endif

#endif
