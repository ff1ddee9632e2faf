import { assert } from '../errors/index.ts';
import type { StudyEvent } from './event.ts';
import { soloHost } from './solo.ts';
import { elapsedMs, type StudyState } from './state.ts';

type Control = Extract<
  StudyEvent,
  {
    kind:
      | 'study-paused'
      | 'study-resumed'
      | 'worker-drained'
      | 'worker-quarantined'
      | 'worker-released';
  }
>;

/** What people, and the circuit breaker, hold back and let go. */
export function evolveControl(state: StudyState, event: Control): void {
  switch (event.kind) {
    case 'study-paused':
      state.closedMs = elapsedMs(state, event.at);
      state.paused = { at: event.at, reason: event.reason };
      return;
    case 'study-resumed':
      state.paused = undefined;
      if (state.run !== undefined) state.run.since = event.at;
      return;
    default:
      return hold(state, event);
  }
}

function hold(state: StudyState, event: Extract<Control, { worker: string }>): void {
  const worker = state.workers.get(event.worker);
  assert(worker !== undefined, `worker ${event.worker} has not joined`);
  worker.row = [];
  if (event.kind === 'worker-released') delete worker.held;
  else {
    const as = event.kind === 'worker-drained' ? 'drained' : 'quarantined';
    worker.held = { as, reason: event.reason };
  }
  state.soloHost = soloHost(state);
}
