// Every version of the schema as the step from the one before. A released step never changes.

const version1 = `
  CREATE TABLE study (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    spec TEXT NOT NULL,
    created_at REAL NOT NULL,
    last_event INTEGER NOT NULL,
    state TEXT NOT NULL,
    trials TEXT NOT NULL,
    incumbent TEXT
  ) STRICT;

  -- The truth. \`payload\` is the event without its id, its time and its kind.
  CREATE TABLE event (
    study INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (study, id)
  ) STRICT;

  -- \`value\` and \`step\` hold a number, or the text of one that JSON cannot carry.
  CREATE TABLE trial (
    study INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    value ANY,
    step ANY,
    attempts INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    sampler TEXT NOT NULL,
    created_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    reason TEXT NOT NULL,
    params TEXT NOT NULL,
    metrics TEXT NOT NULL,
    tail TEXT,
    PRIMARY KEY (study, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX trial_by_state ON trial (study, state, number);

  -- The latest one of each study.
  CREATE TABLE snapshot (
    study INTEGER PRIMARY KEY REFERENCES study (id) ON DELETE CASCADE,
    event INTEGER NOT NULL,
    state TEXT NOT NULL
  ) STRICT;

  -- One row. The epoch grows with every claim, so that a deposed owner is known.
  CREATE TABLE owner (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    epoch INTEGER NOT NULL,
    released INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    host TEXT NOT NULL,
    url TEXT NOT NULL,
    token_file TEXT NOT NULL
  ) STRICT;
`;

const version2 = `
  -- The latest one of each study, line by line: a line is written again when it has changed. An old one has but one
  -- line.
  ALTER TABLE snapshot RENAME TO old_snapshot;
  CREATE TABLE snapshot (
    study INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    event INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (study, line)
  ) STRICT;
  INSERT INTO snapshot (study, line, event, text) SELECT study, 0, event, state FROM old_snapshot;
  DROP TABLE old_snapshot;
`;

const version3 = `
  -- \`checksum\` tells a damaged line. Old snapshots are of a layout that is not read any more.
  DROP TABLE snapshot;
  CREATE TABLE snapshot (
    study INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    event INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (study, line)
  ) STRICT;
`;

const version4 = `
  -- A line in two texts, so that what is always read lies apart from the trials, which are read one line at a time. Old
  -- snapshots are of a layout that is not read any more.
  DROP TABLE snapshot;
  CREATE TABLE snapshot (
    study INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    event INTEGER NOT NULL,
    head_checksum INTEGER NOT NULL,
    head TEXT NOT NULL,
    trials_checksum INTEGER NOT NULL,
    trials TEXT NOT NULL,
    PRIMARY KEY (study, line)
  ) STRICT;
`;

/** `steps[i]` makes version i + 1 out of version i. */
export const steps: readonly string[] = [version1, version2, version3, version4];

/** What stands in for version i + 1 when a reader, which changes nothing, meets an older database. */
export const standIns: readonly string[] = [
  '',
  '',
  '',
  `CREATE TEMP TABLE snapshot (study, line, event, head_checksum, head, trials_checksum, trials);`,
];
