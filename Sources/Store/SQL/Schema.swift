/// The steps that bring an empty or older file to the present form, in order. A step that has been released is never
/// changed; a change of the schema is a new step at the end. `user_version` counts the steps that a file has seen.
enum Schema {
  static let steps: [String] = [schema1, schema2, schema3]

  /// `application_id`: "CRLN". Names the file to file(1) and keeps other programs' files from being taken for ours.
  static let applicationID: Int32 = 0x4352_4c4e
}

/// Instants are microseconds since 1970 UTC (`…_us`), states are the raw values of the model. An item's id is its run's
/// number shifted left by 32, plus its place: a run's items lie side by side, in the order of discovery, and reading them in
/// that order needs no index. Indexes are partial wherever an item's usual way (available, succeeded) must not touch them.
private let schema1 = """
  CREATE TABLE run (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    job TEXT NOT NULL,
    trigger TEXT NOT NULL,
    is_plan INTEGER NOT NULL,
    state INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    started_us INTEGER,
    finished_us INTEGER,
    is_discovered INTEGER NOT NULL DEFAULT 0,
    items_pruned INTEGER NOT NULL DEFAULT 0,
    next_place INTEGER NOT NULL DEFAULT 1,
    available INTEGER NOT NULL DEFAULT 0,
    retrying INTEGER NOT NULL DEFAULT 0,
    succeeded INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    dead INTEGER NOT NULL DEFAULT 0,
    poisoned INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0,
    duplicate_keys INTEGER NOT NULL DEFAULT 0,
    stale_outcomes INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    checkpoint BLOB
  );
  CREATE INDEX run_job ON run(job);
  CREATE INDEX run_finished ON run(finished_us) WHERE finished_us IS NOT NULL;

  CREATE TABLE run_document (
    run INTEGER PRIMARY KEY,
    definition TEXT NOT NULL,
    event TEXT NOT NULL,
    only_keys TEXT,
    report TEXT
  );

  CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    state INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    due_us INTEGER,
    started_us INTEGER,
    duration_us INTEGER,
    pid INTEGER NOT NULL,
    key TEXT NOT NULL,
    payload BLOB NOT NULL,
    reason TEXT,
    output TEXT,
    effect TEXT
  );
  CREATE UNIQUE INDEX item_key ON item(run, key);
  CREATE INDEX item_due ON item(run, due_us) WHERE state = 2;
  CREATE INDEX item_priority ON item(run, priority DESC) WHERE state = 0 AND priority <> 0;
  CREATE INDEX item_failed ON item(id) WHERE state IN (5, 6);

  CREATE TABLE attempt (
    item INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    started_us INTEGER NOT NULL,
    duration_us INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (item, ordinal)
  ) WITHOUT ROWID;

  CREATE TABLE unique_claim (
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    expires_us INTEGER NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (job, key)
  ) WITHOUT ROWID;
  CREATE INDEX unique_claim_expires ON unique_claim(expires_us);

  CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL,
    item INTEGER,
    type TEXT NOT NULL,
    json TEXT NOT NULL,
    created_us INTEGER NOT NULL
  );
  CREATE INDEX event_run ON event(run);

  CREATE TABLE artifact (
    run INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (run, name)
  ) WITHOUT ROWID;

  CREATE TABLE checkpoint (
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (job, key)
  ) WITHOUT ROWID;
  """

/// The instant ledger. A row of `instant` is one due instant; with `is_stretch` it stands for all instants of its schedule from
/// `due_us` to `last_us` that have no row of their own, `count` of them.
private let schema2 = """
  ALTER TABLE run ADD COLUMN not_before_us INTEGER;
  ALTER TABLE run ADD COLUMN due_us INTEGER;
  CREATE INDEX run_open ON run(number) WHERE finished_us IS NULL;

  CREATE TABLE schedule (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL,
    name TEXT NOT NULL,
    spec TEXT NOT NULL,
    since_us INTEGER NOT NULL,
    judged_us INTEGER,
    judged_slot INTEGER,
    retired_us INTEGER,
    UNIQUE (job, name)
  );

  CREATE TABLE instant (
    schedule INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    is_stretch INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    last_slot INTEGER NOT NULL,
    count INTEGER NOT NULL,
    fate INTEGER NOT NULL,
    judged_us INTEGER NOT NULL,
    note TEXT,
    run INTEGER,
    PRIMARY KEY (schedule, due_us, slot, is_stretch)
  ) WITHOUT ROWID;
  CREATE INDEX instant_due ON instant(due_us);
  CREATE INDEX instant_stretch ON instant(schedule, last_us) WHERE is_stretch;
  CREATE INDEX instant_judged ON instant(judged_us);

  CREATE TABLE pause (
    job TEXT PRIMARY KEY,
    since_us INTEGER NOT NULL,
    note TEXT NOT NULL
  ) WITHOUT ROWID;
  """

/// What a schedule said before it was changed, from `since_us` to the last instant that it was judged for: kept while a stretch of that
/// time is in the ledger, whose instants follow from it.
private let schema3 = """
  CREATE TABLE past_rule (
    schedule INTEGER NOT NULL,
    since_us INTEGER NOT NULL,
    judged_us INTEGER NOT NULL,
    spec TEXT NOT NULL,
    PRIMARY KEY (schedule, since_us)
  ) WITHOUT ROWID;
  """
