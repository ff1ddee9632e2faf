import { trouble } from '@fleetune/platform';
import type { Ended, Reports, WireNumber } from '@fleetune/protocol';
import { added } from '../added.ts';
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

/** `folder`: where rows wait while the coordinator is away for long; absent: in memory. */
export function createOutbox(folder?: string): Outbox {
  return new Spools(folder);
}

/** A class: of 10,000 workers in one process each has one. */
class Spools implements Outbox {
  readonly folder: string | undefined;
  /** The open ones, in the order of their opening. */
  readonly entries: Entry[] = [];
  #out = false;

  constructor(folder: string | undefined) {
    this.folder = folder;
  }

  open(id: AttemptId, after?: Spool): Spool {
    const entry = new Entry(id, after, this);
    this.entries.push(entry);
    return entry;
  }

  take(): Batch | undefined {
    if (this.#out) return undefined;
    const batch = fill(this.entries);
    if (batch.reports.length + batch.ended.length === 0) return undefined;
    this.#out = true;
    return batch;
  }

  settle(): void {
    this.#out = false;
    for (const entry of this.entries.slice()) {
      if (entry.out > 0) entry.acknowledge();
      if (entry.endedOut) entry.close();
    }
  }

  get empty(): boolean {
    return this.entries.every(({ rows, ended }) => rows.length === 0 && ended === undefined);
  }
}

/** Who waits until so many rows have been acknowledged. */
interface Waiting {
  upTo: number;
  resolve: () => void;
}

const NOBODY: readonly Waiting[] = [];

const NO_ROWS: never[] = [];

/** A class: there is one for every attempt, and functions of its own would be most of what that takes. */
class Entry implements Spool {
  readonly id: AttemptId;
  open = true;
  after: Spool | undefined;
  /** A list of its own as long as there are some: an old one would keep all of them from the young collector. */
  rows: ReportRow[] = NO_ROWS;
  /** How many of `rows` are out. */
  out = 0;
  ended: Ended | undefined;
  endedOut = false;
  /** Rows acknowledged so far, which is the index of `rows[0]`. */
  acknowledged = 0;
  readonly #outbox: Spools;
  /** Rows after those in memory. */
  #later: DiskQueue<ReportRow> | undefined;
  #waiting: readonly Waiting[] = NOBODY;

  constructor(id: AttemptId, after: Spool | undefined, outbox: Spools) {
    this.id = id;
    this.after = after;
    this.#outbox = outbox;
  }

  report(row: ReportRow): void {
    if (!this.open) return;
    const later = this.#later;
    const full = this.rows.length >= ROWS_IN_MEMORY || (later !== undefined && later.length() > 0);
    const { folder } = this.#outbox;
    if (folder === undefined || !full) this.#keep(row);
    else (this.#later ??= createDiskQueue(folder)).push(row);
  }

  #keep(row: ReportRow): void {
    if (this.rows.length === 0) this.rows = [row];
    else this.rows.push(row);
  }

  end(ended: Ended): void {
    if (this.open) this.ended = ended;
  }

  drop(): void {
    this.close();
    this.out = this.rows.length;
    this.acknowledge();
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting = NOBODY;
  }

  backlog(): number {
    return this.rows.length + (this.#later?.length() ?? 0);
  }

  answered(): Promise<void> {
    const rows = this.backlog();
    if (rows === 0) return Promise.resolve();
    const upTo = this.acknowledged + rows;
    return new Promise((resolve) => (this.#waiting = [...this.#waiting, { upTo, resolve }]));
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.ended = undefined;
    const { entries } = this.#outbox;
    if (entries.at(-1) === this) entries.pop();
    else entries.splice(entries.indexOf(this), 1);
    this.#later?.close();
    this.#later = undefined;
  }

  /** The rows that are out. */
  acknowledge(): void {
    if (this.out === this.rows.length) this.rows = NO_ROWS;
    else this.rows.splice(0, this.out);
    this.acknowledged += this.out;
    this.out = 0;
    if (this.rows.length === 0 && this.#later !== undefined) this.rows = this.#later.shift();
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = waiting.filter(({ upTo }) => upTo > this.acknowledged);
    for (const { upTo, resolve } of waiting) if (upTo <= this.acknowledged) resolve();
  }
}

function fill(entries: readonly Entry[]): Batch {
  const batch: Batch = { reports: [], ended: [] };
  let room = trouble('batch-small') ? 3 : NUMBERS_PER_BATCH;
  for (const entry of entries) {
    entry.out = 0;
    if (entry.after?.open) continue;
    entry.after = undefined;
    while (room > 0 && entry.out < entry.rows.length) {
      room -= 1 + Object.keys(entry.rows[entry.out++]!.metrics).length;
    }
    if (entry.out > 0) batch.reports = added(batch.reports, pack(entry));
    // The end goes after, or together with, the last report.
    if (entry.ended && entry.out === entry.backlog()) {
      entry.endedOut = true;
      batch.ended = added(batch.ended, entry.ended);
    }
  }
  return batch;
}

function pack({ id, rows, acknowledged: from, out }: Entry): Reports {
  const step = new Array<number>(out);
  const metrics: Record<string, (WireNumber | null)[]> = {};
  for (let i = 0; i < out; i++) {
    const row = rows[i]!;
    step[i] = row.step ?? from + i + 1;
    for (const name of Object.keys(row.metrics)) {
      (metrics[name] ??= new Array<WireNumber | null>(out).fill(null))[i] = row.metrics[name]!;
    }
  }
  const { study, trial, attempt } = id;
  return { study, trial, attempt, from, columns: { step, metrics } };
}
