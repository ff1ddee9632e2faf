import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { aboutTrial, fail, type StudyEvent } from '@fleetune/core';
import type { Logger } from '@fleetune/platform';
import type { Append, Store } from '../store.ts';
import { newStudyRow } from '../study-row.ts';
import { groupCommit } from './group-commit.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { ownership } from './owner-row.ts';
import { decodeEvent, decodeStudy, decodeTrial, encodeAppend } from './rows.ts';
import { decodeHeads, decodeTrials } from './snapshot-rows.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { guarded, isConstraintFailure } from './store-error.ts';
import { writeAppends } from './write-appends.ts';

export interface SqliteOptions {
  /**
   * Also works on media that cannot be written, and while another process writes: then it shows what was there at the
   * first read, and the file's log grows until it is closed.
   */
  readOnly?: boolean;
  /** Is told when the database lies where SQLite is not at home. */
  logger?: Logger;
}

/** The embedded store: one file, opened in the calling thread. */
export function sqliteStore(file: string, options: SqliteOptions = {}): Store {
  const path = resolve(file);
  const database = guarded(path, () =>
    options.readOnly ? openForReading(path) : openForWriting(path, options.logger),
  );
  const statements = prepareStatements(database);
  const owner = ownership(path, statements);
  const transact = transactions(path, database, statements);
  const write = <T>(action: () => T) => {
    // SQLite begins a transaction on a read-only connection without complaint.
    const detail = 'it was opened for reading';
    if (options.readOnly) throw fail('store.read-only', path, { detail });
    return transact(() => {
      owner.assertNotDeposed();
      return action();
    });
  };
  const release = () => {
    if (!owner.isHeld()) return;
    // Also a deposed owner may leave in peace.
    transact(owner.release);
    owner.hold(undefined);
  };
  const commits = groupCommit((appends: Append[]) => {
    const encoded = appends.map(encodeAppend);
    return write(() => writeAppends(statements, encoded));
  });
  const writeNow = <T>(action: () => T) => {
    commits.flush();
    return write(action);
  };
  const read = <T>(action: () => T) => guarded(path, action);
  let open = true;
  return {
    ...reading(statements, read),
    createStudy: (name, spec, at) =>
      writeNow(() => {
        const row = newStudyRow(0, name, spec, at);
        const { insertStudy } = statements;
        try {
          const counts = JSON.stringify(row.trials);
          const done = insertStudy.run(name, JSON.stringify(spec), at, 0, row.state, counts);
          return { ...row, id: Number(done.lastInsertRowid) };
        } catch (error) {
          throw isConstraintFailure(error) ? fail('study.exists', path, { name }) : error;
        }
      }),
    deleteStudy: (id) => writeNow(() => void statements.deleteStudy.run(id)),
    append: (take) => commits.add(take),
    owner: () => read(owner.current),
    claim: (claimant, gone) => owner.hold(writeNow(() => owner.claim(claimant, gone))),
    release() {
      commits.flush();
      release();
    },
    async close() {
      if (!open) return;
      open = false;
      try {
        commits.flush();
        release();
      } finally {
        database.close();
      }
    },
  };
}

/** Runs one transaction: all of it, or nothing and an error. */
function transactions(path: string, database: DatabaseSync, sql: Statements) {
  return <T>(action: () => T): T =>
    guarded(path, () => {
      sql.begin.run();
      try {
        const result = action();
        sql.commit.run();
        return result;
      } catch (error) {
        // SQLite has already rolled back after some failures (sqlite.org/lang_transaction.html).
        if (database.isTransaction) sql.rollback.run();
        throw error;
      }
    });
}

type Reading = Pick<
  Store,
  | 'studies'
  | 'study'
  | 'events'
  | 'trialEvents'
  | 'snapshot'
  | 'snapshotTrials'
  | 'trials'
  | 'trial'
>;

function reading(sql: Statements, read: <T>(action: () => T) => T): Reading {
  return {
    studies: () => read(() => sql.studies.all().map(decodeStudy)),
    study(name) {
      const row = read(() => sql.study.get(name));
      return row && decodeStudy(row);
    },
    events: (study, after, limit = Infinity, kind) =>
      eventsInPages(sql, read, { study, after, limit, kind }),
    trialEvents(study, trial, after, until) {
      // Events are written by JSON.stringify; of what only looks like it, `aboutTrial` says so.
      const marks = [`"trial":${trial},`, `"trial":${trial}}`];
      const rows = read(() => sql.eventsWith.all(study, after, until, ...marks));
      return rows.flatMap((row) => aboutTrial(decodeEvent(row), trial) ?? []);
    },
    snapshot: (study) => decodeHeads(read(() => sql.snapshotHeads.all(study))),
    snapshotTrials: (study, line, event) =>
      decodeTrials(
        line,
        read(() => sql.snapshotTrials.get(study, line, event)),
      ),
    trials(study, { state, after = -1, limit = -1 } = {}) {
      const rows = read(() =>
        state === undefined
          ? sql.trials.all(study, after, limit)
          : sql.trialsInState.all(study, state, after, limit),
      );
      return rows.map(decodeTrial);
    },
    trial(study, number) {
      const row = read(() => sql.trial.get(study, number));
      return row && decodeTrial(row);
    },
  };
}

interface Wanted {
  study: number;
  after: number;
  limit: number;
  kind: StudyEvent['kind'] | undefined;
}

const PAGE_EVENTS = 1000;

/** In pages, so that a slow reader of a long log neither holds all of it nor keeps SQLite from checkpointing. */
function* eventsInPages(
  sql: Statements,
  read: <T>(action: () => T) => T,
  { study, after, limit, kind }: Wanted,
): Generator<StudyEvent> {
  let last = after;
  for (let left = limit; left > 0; left -= PAGE_EVENTS) {
    const most = Math.min(left, PAGE_EVENTS);
    const rows = read(() =>
      kind === undefined
        ? sql.events.all(study, last, most)
        : sql.eventsOfKind.all(study, last, kind, most),
    );
    for (const row of rows) yield decodeEvent(row);
    if (rows.length < PAGE_EVENTS) return;
    last = rows.at(-1)!['id'] as number;
  }
}
