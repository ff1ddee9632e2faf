import { fail } from '../errors/index.ts';
import { newQueue, waiting, type Queue } from './queue.ts';
import { derive, emptyStudy, type StudyState } from './state.ts';

/** The layout of a snapshot. Another one is not read: the log is folded again instead. */
const VERSION = 1;

/** The key that marks a number which JSON lacks; no name of a user's holds a NUL. */
const NUMBER = '\0number';

/** The state as JSON; equal states give equal text. What follows from the rest is left out. */
export function toSnapshot(state: StudyState): string {
  const { space, scheduler, standing, live, workers, requeued, enqueued, ...plain } = state;
  const queues = { requeued: queued(state, requeued), enqueued: queued(state, enqueued) };
  const snapshot = { version: VERSION, ...plain, ...queues, workers: [...workers] };
  return JSON.stringify(snapshot, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { [NUMBER]: String(value) } : value,
  );
}

export function fromSnapshot(text: string): StudyState {
  const { version, workers, requeued, enqueued, ...plain } = JSON.parse(
    text,
    (_, value: unknown) => (isNumber(value) ? Number(value[NUMBER]) : value),
  );
  if (version !== VERSION) throw fail('snapshot.version', '', { version, expected: VERSION });
  const state: StudyState = {
    ...emptyStudy(),
    ...plain,
    workers: new Map(workers),
    requeued: newQueue(requeued),
    enqueued: newQueue(enqueued),
  };
  derive(state);
  return state;
}

/** Those that ended while they waited drop out of a queue lazily; equal states must not differ by that. */
function queued(state: StudyState, queue: Queue): number[] {
  return waiting(queue).filter((number) => state.trials[number]!.state === 'queued');
}

function isNumber(value: unknown): value is { [NUMBER]: string } {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, NUMBER);
}
