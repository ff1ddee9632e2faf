import { trouble } from '@fleetune/platform';
import type { Ended, Reports, WireNumber } from '@fleetune/protocol';
import type { ReportRow } from '../runner.ts';
import { createDiskQueue, type DiskQueue } from './disk-queue.ts';

export interface AttemptId {
  study: string;
  trial: number;
  attempt: number;
}

/** The facts of one exchange. */
export interface Batch {
  reports: Reports[];
  ended: Ended[];
}

/** The unacknowledged facts of one attempt. */
export interface Spool {
  report(row: ReportRow): void;
  end(ended: Ended): void;
  /** Forgets everything: the attempt is not ours any more. */
  drop(): void;
  backlog(): number;
  /** False once the end is acknowledged, or everything is dropped. */
  readonly open: boolean;
  answered(): Promise<void>;
}

/** What the coordinator has not acknowledged: a fact leaves only when it has its verdict. */
export interface Outbox {
  /** `after`: the attempt before it on its slot, whose end the coordinator hears first. */
  open(id: AttemptId, after?: Spool): Spool;
  /** Facts of the next exchange, undefined when there are none. One batch at a time is out. */
  take(): Batch | undefined;
  /** The batch that is out has its verdicts: its facts are gone, those who wait for them go on. */
  settle(): void;
  readonly empty: boolean;
}

/** Numbers in one request, which bounds it to about 1 MB; the rest follows in the next. */
const NUMBERS_PER_BATCH = 50_000;

/** Rows of one attempt in memory; what comes while these wait goes to disk. */
const ROWS_IN_MEMORY = 10_000;

interface Entry {
  id: AttemptId;
  after: Spool | undefined;
  rows: ReportRow[];
  /** Rows after those. */
  later: DiskQueue<ReportRow> | undefined;
  /** Rows acknowledged so far, which is the index of `rows[0]`. */
  acknowledged: number;
  /** How many of `rows` are out. */
  out: number;
  ended?: Ended;
  endedOut: boolean;
  waiting: { upTo: number; resolve: () => void }[];
}

/** `folder`: where rows wait while the coordinator is away for long; absent: in memory. */
export function createOutbox(folder?: string): Outbox {
  const entries = new Set<Entry>();
  let out: Batch | undefined;

  return {
    open(id, after) {
      const entry = newEntry(id, after);
      entries.add(entry);
      return new EntrySpool(entry, entries, folder);
    },
    take() {
      if (out !== undefined) return undefined;
      const batch = fill(entries);
      if (batch.reports.length + batch.ended.length === 0) return undefined;
      out = batch;
      return batch;
    },
    settle() {
      out = undefined;
      for (const entry of entries) {
        if (entry.out > 0) acknowledge(entry);
        if (entry.endedOut) remove(entries, entry);
      }
    },
    get empty() {
      for (const entry of entries) if (entry.rows.length > 0 || entry.ended) return false;
      return true;
    },
  };
}

function newEntry(id: AttemptId, after: Spool | undefined): Entry {
  return {
    id,
    after,
    rows: [],
    later: undefined,
    acknowledged: 0,
    out: 0,
    endedOut: false,
    waiting: [],
  };
}

function remove(entries: Set<Entry>, entry: Entry): void {
  entries.delete(entry);
  entry.later?.close();
  entry.later = undefined;
}

/** Rows that have not been acknowledged. */
function waitingRows({ rows, later }: Entry): number {
  return rows.length + (later?.length ?? 0);
}

function addRow(entry: Entry, row: ReportRow, folder: string | undefined): void {
  const { rows, later } = entry;
  const full = rows.length >= ROWS_IN_MEMORY || (later !== undefined && later.length > 0);
  if (folder !== undefined && full) (entry.later ??= createDiskQueue(folder)).push(row);
  else rows.push(row);
}

/** A class: there is one for every attempt, and functions of its own would be most of what that takes. */
class EntrySpool implements Spool {
  readonly #entry: Entry;
  readonly #entries: Set<Entry>;
  readonly #folder: string | undefined;

  constructor(entry: Entry, entries: Set<Entry>, folder: string | undefined) {
    this.#entry = entry;
    this.#entries = entries;
    this.#folder = folder;
  }

  get open(): boolean {
    return this.#entries.has(this.#entry);
  }

  report(row: ReportRow): void {
    if (this.open) addRow(this.#entry, row, this.#folder);
  }

  end(ended: Ended): void {
    if (this.open) this.#entry.ended = ended;
  }

  drop(): void {
    const entry = this.#entry;
    remove(this.#entries, entry);
    entry.out = entry.rows.length;
    acknowledge(entry);
    for (const { resolve } of entry.waiting.splice(0)) resolve();
  }

  backlog(): number {
    return waitingRows(this.#entry);
  }

  answered(): Promise<void> {
    const entry = this.#entry;
    const rows = waitingRows(entry);
    if (rows === 0) return Promise.resolve();
    const upTo = entry.acknowledged + rows;
    return new Promise((resolve) => void entry.waiting.push({ upTo, resolve }));
  }
}

function fill(entries: Set<Entry>): Batch {
  const batch: Batch = { reports: [], ended: [] };
  let room = trouble('batch-small') ? 3 : NUMBERS_PER_BATCH;
  for (const entry of entries) {
    entry.out = 0;
    if (entry.after?.open) continue;
    entry.after = undefined;
    while (room > 0 && entry.out < entry.rows.length) {
      room -= 1 + Object.keys(entry.rows[entry.out++]!.metrics).length;
    }
    if (entry.out > 0) batch.reports.push(pack(entry));
    // The end goes after, or together with, the last report.
    if (entry.ended && entry.out === waitingRows(entry)) {
      entry.endedOut = true;
      batch.ended.push(entry.ended);
    }
  }
  return batch;
}

function pack({ id, rows, acknowledged: from, out }: Entry): Reports {
  const step: number[] = [];
  const metrics: Record<string, (WireNumber | null)[]> = {};
  for (let i = 0; i < out; i++) {
    const row = rows[i]!;
    step.push(row.step ?? from + i + 1);
    for (const name of Object.keys(row.metrics)) {
      (metrics[name] ??= new Array<WireNumber | null>(out).fill(null))[i] = row.metrics[name]!;
    }
  }
  return { ...id, from, columns: { step, metrics } };
}

function acknowledge(entry: Entry): void {
  if (entry.out === entry.rows.length) entry.rows = [];
  else entry.rows.splice(0, entry.out);
  entry.acknowledged += entry.out;
  entry.out = 0;
  if (entry.rows.length === 0 && entry.later !== undefined) entry.rows = entry.later.shift();
  if (entry.waiting.length === 0) return;
  const answered = entry.waiting.filter(({ upTo }) => upTo <= entry.acknowledged);
  if (answered.length === 0) return;
  entry.waiting = entry.waiting.filter(({ upTo }) => upTo > entry.acknowledged);
  for (const { resolve } of answered) resolve();
}
