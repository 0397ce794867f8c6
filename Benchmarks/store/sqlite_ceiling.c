/*
 * What SQLite itself can do with the store's item table: add N items, read them in order, and record an outcome for each, in
 * transactions of BATCH with synchronous=FULL and one connection. Prints one line of JSON. The ceiling that the store's own
 * figures are held against.
 *
 *   cc -O2 -o sqlite_ceiling Benchmarks/store/sqlite_ceiling.c -lsqlite3
 *   sqlite_ceiling N BATCH DIRECTORY
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAYLOAD_BYTES = 120 };

static sqlite3 *db;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void fail(const char *what) {
  fprintf(stderr, "sqlite_ceiling: %s: %s\n", what, sqlite3_errmsg(db));
  exit(1);
}

static void execute(const char *sql) {
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail(sql);
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) fail(sql);
  return statement;
}

static void run(sqlite3_stmt *statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) fail("step");
  sqlite3_reset(statement);
}

/* The item table and its indexes: as in Sources/Store/SQL/Schema.swift, which a test compares. */
static const char schema[] =
    "CREATE TABLE item ("
    "  id INTEGER PRIMARY KEY,"
    "  run INTEGER NOT NULL,"
    "  state INTEGER NOT NULL,"
    "  priority INTEGER NOT NULL,"
    "  attempts INTEGER NOT NULL,"
    "  deaths INTEGER NOT NULL,"
    "  tries INTEGER NOT NULL,"
    "  due_us INTEGER,"
    "  started_us INTEGER,"
    "  duration_us INTEGER,"
    "  pid INTEGER NOT NULL,"
    "  key TEXT NOT NULL,"
    "  payload BLOB NOT NULL,"
    "  reason TEXT,"
    "  output TEXT,"
    "  effect TEXT"
    ");"
    "CREATE UNIQUE INDEX item_key ON item(run, key);"
    "CREATE INDEX item_due ON item(run, due_us) WHERE state = 2;"
    "CREATE INDEX item_priority ON item(run, priority DESC) WHERE state = 0 AND priority <> 0;"
    "CREATE INDEX item_failed ON item(id) WHERE state IN (5, 6);";

static void insert_all(long count, long batch) {
  sqlite3_stmt *insert = prepare(
      "INSERT INTO item (id, run, state, priority, attempts, deaths, tries, pid, key, payload)"
      " VALUES (?1, ?2, 0, ?3, 0, 0, 0, 0, ?4, ?5) ON CONFLICT (run, key) DO NOTHING");
  char payload[PAYLOAD_BYTES];
  memset(payload, 'x', sizeof payload);
  for (long done = 0; done < count;) {
    execute("BEGIN IMMEDIATE");
    for (long i = 0; i < batch && done < count; i++) {
      char key[48];
      int length = snprintf(key, sizeof key, "uploads/user%08ld.jpg", done);
      done++;
      sqlite3_bind_int64(insert, 1, (1LL << 32) + done);
      sqlite3_bind_int64(insert, 2, 1);
      sqlite3_bind_int64(insert, 3, 0);
      sqlite3_bind_text(insert, 4, key, length, SQLITE_STATIC);
      sqlite3_bind_blob(insert, 5, payload, sizeof payload, SQLITE_STATIC);
      run(insert);
    }
    execute("COMMIT");
  }
  sqlite3_finalize(insert);
}

static double read_seconds, record_seconds;

static long read_and_record_all(long batch) {
  sqlite3_stmt *ready = prepare(
      "SELECT id, attempts, deaths, priority, key, payload FROM item NOT INDEXED"
      " WHERE id > ?1 AND id <= ?2 AND state = 0 AND priority = 0 ORDER BY id LIMIT ?3");
  sqlite3_stmt *record = prepare(
      "UPDATE item SET state = ?2, attempts = ?3, deaths = ?4, tries = tries + ?13, due_us = ?5, started_us = ?6,"
      " duration_us = ?7, pid = ?8, reason = ?9, output = ?10, effect = ?11"
      " WHERE id = ?1 AND state = 0 AND attempts = ?12");
  sqlite3_int64 *ids = malloc((size_t)batch * sizeof *ids);
  char *bytes = malloc((size_t)batch * (PAYLOAD_BYTES + 48));
  if (!ids || !bytes) fail("memory");
  sqlite3_int64 after = 1LL << 32;
  long total = 0;
  for (;;) {
    double start = seconds();
    sqlite3_bind_int64(ready, 1, after);
    sqlite3_bind_int64(ready, 2, (2LL << 32) - 1);
    sqlite3_bind_int64(ready, 3, batch);
    long count = 0;
    size_t used = 0;
    while (sqlite3_step(ready) == SQLITE_ROW) {
      ids[count++] = sqlite3_column_int64(ready, 0);
      for (int column = 4; column <= 5; column++) {
        size_t length = (size_t)sqlite3_column_bytes(ready, column);
        memcpy(bytes + used, sqlite3_column_blob(ready, column), length);
        used += length;
      }
    }
    sqlite3_reset(ready);
    double middle = seconds();
    read_seconds += middle - start;
    if (count == 0) break;
    execute("BEGIN IMMEDIATE");
    for (long i = 0; i < count; i++) {
      sqlite3_bind_int64(record, 1, ids[i]);
      sqlite3_bind_int64(record, 2, 3);
      sqlite3_bind_int64(record, 3, 1);
      sqlite3_bind_int64(record, 4, 0);
      sqlite3_bind_null(record, 5);
      sqlite3_bind_int64(record, 6, 1795000000000000LL + i);
      sqlite3_bind_int64(record, 7, 1500);
      sqlite3_bind_int64(record, 8, 4242);
      sqlite3_bind_null(record, 9);
      sqlite3_bind_null(record, 10);
      sqlite3_bind_null(record, 11);
      sqlite3_bind_int64(record, 12, 0);
      sqlite3_bind_int64(record, 13, 0);
      run(record);
    }
    execute("COMMIT");
    record_seconds += seconds() - middle;
    after = ids[count - 1];
    total += count;
  }
  free(ids);
  free(bytes);
  sqlite3_finalize(ready);
  sqlite3_finalize(record);
  return total;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: sqlite_ceiling N BATCH DIRECTORY\n");
    return 2;
  }
  long count = atol(argv[1]);
  long batch = atol(argv[2]);
  if (count < 1 || batch < 1 || chdir(argv[3]) != 0) {
    fprintf(stderr, "sqlite_ceiling: N and BATCH must be at least 1, DIRECTORY a folder\n");
    return 2;
  }
  unlink("ceiling.db");
  unlink("ceiling.db-wal");
  unlink("ceiling.db-shm");
  if (sqlite3_open("ceiling.db", &db) != SQLITE_OK) fail("open");
  execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
      "PRAGMA wal_autocheckpoint = 4000;");
  execute(schema);
  double start = seconds();
  insert_all(count, batch);
  double insert_seconds = seconds() - start;
  long total = read_and_record_all(batch);
  if (total != count) fail("items were lost");
  printf(
      "{\"items\":%ld,\"batch\":%ld,\"insert_per_s\":%.0f,\"ready_per_s\":%.0f,\"record_per_s\":%.0f,"
      "\"end_to_end_per_s\":%.0f,\"sqlite\":\"%s\"}\n",
      count, batch, (double)count / insert_seconds, (double)count / read_seconds, (double)count / record_seconds,
      (double)count / (insert_seconds + read_seconds + record_seconds), sqlite3_libversion());
  sqlite3_close(db);
  unlink("ceiling.db");
  unlink("ceiling.db-wal");
  unlink("ceiling.db-shm");
  return 0;
}
