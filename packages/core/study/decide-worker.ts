import { errorInfo } from '../errors/index.ts';
import type { Outcome, StudyCommand } from './command.ts';
import { attemptEnd } from './decide-end.ts';
import type { StudyEventBody } from './event.ts';
import type { StudyState, TrialRecord, WorkerRecord } from './state.ts';

type Of<K extends StudyCommand['kind']> = Extract<StudyCommand, { kind: K }>;

/**
 * A worker's name is new with every process, so another process under it means that the first is
 * gone.
 */
export function decideWorkerJoined(state: StudyState, command: Of<'worker-joined'>): Outcome {
  const { kind: _, ...join } = command;
  const known = state.workers.get(join.worker);
  const same =
    known?.host === join.host &&
    known.pid === join.pid &&
    known.slots.length === join.slots &&
    known.incarnation === join.incarnation;
  if (known !== undefined && same) return { events: [] };
  const before = known === undefined ? [] : lost(state, known);
  return { events: [...before, { kind: 'worker-joined', v: 1, ...join }] };
}

export function decideWorkerLeft(state: StudyState, command: Of<'worker-left'>): Outcome {
  const { kind, worker: name, how, ...words } = command;
  const worker = state.workers.get(name);
  if (worker === undefined) return { events: [] };
  const atUs = words.atUs ?? lastWordUs(state, worker);
  const left: StudyEventBody = { kind, v: 1, worker: name, how, ...words, atUs };
  return { events: [...endsOf(state, worker), left] };
}

export function decideSlotLeft(state: StudyState, command: Of<'slot-left'>): Outcome {
  const { worker, slot } = command;
  const known = state.workers.get(worker)?.slots[slot];
  if (known === undefined) return { refused: errorInfo('worker.unknown', 'worker', { worker }) };
  if (known.trial !== undefined) {
    return { refused: errorInfo('worker.no-free-slot', 'slot', { worker }) };
  }
  return { events: [{ v: 1, ...command }] };
}

/** A worker that said no last word. */
export function lost(state: StudyState, worker: WorkerRecord): StudyEventBody[] {
  const atUs = lastWordUs(state, worker);
  // A shared slot that runs nothing of this study is another's, as far as is known.
  const elsewhere = worker.slots.flatMap(({ trial }, slot) => (trial === undefined ? [slot] : []));
  const left: StudyEventBody = {
    kind: 'worker-left',
    v: 1,
    worker: worker.id,
    how: 'lost',
    atUs,
    idle: [],
    ...(worker.shared && elsewhere.length > 0 && { elsewhere }),
  };
  return [...endsOf(state, worker), left];
}

export function byNumber(state: StudyState, numbers: Iterable<number>): TrialRecord[] {
  // The order must not depend on how the state came about.
  return [...numbers].sort((a, b) => a - b).map((number) => state.trials[number]!);
}

/**
 * The worker's clock at the run's last sign of life, by the coordinators' clocks: what passed
 * between two of them is left out, since the clock may have been set by a day. Never before what the
 * worker itself said.
 */
export function lastWordUs(state: StudyState, worker: WorkerRecord): number {
  const { joinedAt, joinedUs = 0, unownedMs = 0 } = worker;
  const aliveAt = state.run?.aliveAt ?? state.lastAt;
  const sinceUs = Math.trunc(Math.max(0, aliveAt - joinedAt - unownedMs) * 1000);
  return Math.max(joinedUs + sinceUs, ...worker.slots.map(({ cursorUs }) => cursorUs));
}

/**
 * Reserves end first: as the others end, they would begin. They go back to the queue last: what ran
 * goes on first.
 */
function endsOf(state: StudyState, { slots }: WorkerRecord): StudyEventBody[] {
  const lostOf = (key: 'reserve' | 'trial') => {
    const numbers = slots.flatMap((slot) => slot[key] ?? []);
    return byNumber(state, numbers).map((trial) => attemptEnd(state, trial, { end: 'lost' }));
  };
  const waiting = lostOf('reserve');
  return [
    ...waiting.flatMap((events) => events.slice(0, 1)),
    ...lostOf('trial').flat(),
    ...waiting.flatMap((events) => events.slice(1)),
  ];
}
