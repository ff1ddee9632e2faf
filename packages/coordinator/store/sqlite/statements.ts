import type { DatabaseSync } from 'node:sqlite';

/** Every statement, prepared once. */
export function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  const trials = (filter: string) =>
    prepare(`SELECT * FROM trial WHERE study = ? ${filter} AND number > ? ORDER BY number LIMIT ?`);
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    rollback: prepare('ROLLBACK'),

    studies: prepare('SELECT * FROM study ORDER BY id'),
    study: prepare('SELECT * FROM study WHERE name = ?'),
    lastEvent: prepare('SELECT last_event FROM study WHERE id = ?'),
    insertStudy: prepare(
      `INSERT INTO study (name, spec, created_at, last_event, state, trials)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    updateStudy: prepare(
      'UPDATE study SET last_event = ?, state = ?, trials = ?, incumbent = ? WHERE id = ?',
    ),
    updateSpec: prepare('UPDATE study SET spec = ? WHERE id = ?'),
    deleteStudy: prepare('DELETE FROM study WHERE id = ?'),

    ...eventStatements(prepare),

    trial: prepare('SELECT * FROM trial WHERE study = ? AND number = ?'),
    trials: trials(''),
    trialsInState: trials('AND state = ?'),
    upsertTrial: prepare(
      `INSERT INTO trial (study, number, state, value, step, attempts, reports, sampler,
         created_at, started_at, ended_at, reason, params, metrics, tail)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (study, number) DO UPDATE SET
         state = excluded.state, value = excluded.value, step = excluded.step,
         attempts = excluded.attempts, reports = excluded.reports, sampler = excluded.sampler,
         created_at = excluded.created_at, started_at = excluded.started_at,
         ended_at = excluded.ended_at, reason = excluded.reason, params = excluded.params,
         metrics = excluded.metrics, tail = excluded.tail`,
    ),

    snapshotHeads: prepare(
      'SELECT line, event, head_checksum, head FROM snapshot WHERE study = ? ORDER BY line',
    ),
    snapshotTrials: prepare(
      'SELECT trials_checksum, trials FROM snapshot WHERE study = ? AND line = ? AND event <= ?',
    ),
    writeSnapshot: prepare(
      `INSERT OR REPLACE INTO snapshot (study, line, event, head_checksum, head, trials_checksum,
         trials) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),

    owner: prepare('SELECT * FROM owner'),
    writeOwner: prepare(
      `INSERT OR REPLACE INTO owner (only, epoch, released, pid, started_at, host, url, token_file)
       VALUES (1, ?, 0, ?, ?, ?, ?, ?)`,
    ),
    releaseOwner: prepare('UPDATE owner SET released = 1 WHERE epoch = ?'),
  };
}

function eventStatements(prepare: DatabaseSync['prepare']) {
  const events = (filter: string) =>
    prepare(`SELECT * FROM event WHERE study = ? AND id > ? ${filter} ORDER BY id LIMIT ?`);
  return {
    events: events(''),
    eventsOfKind: events('AND kind = ?'),
    eventsWith: prepare(
      `SELECT * FROM event WHERE study = ? AND id > ? AND id <= ?
         AND (instr(payload, ?) OR instr(payload, ?)) ORDER BY id`,
    ),
    insertEvent: prepare('INSERT INTO event (study, id, at, kind, payload) VALUES (?, ?, ?, ?, ?)'),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
