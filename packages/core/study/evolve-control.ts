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
      state.paused = { at: event.at, reason: event.reason };
      return;
    case 'study-resumed':
      state.closedMs = elapsedMs(state, event.at);
      state.paused = undefined;
      if (state.run !== undefined) state.run.since = event.at;
      return;
    default:
      return hold(state, event);
  }
}

function hold(state: StudyState, event: Extract<Control, { worker: string }>): void {
  const { worker: name, reason } = event;
  const worker = state.workers.get(name);
  delete state.quarantine[name];
  if (event.kind === 'worker-quarantined') state.quarantine[name] = reason;
  if (worker !== undefined) {
    worker.row = [];
    delete worker.held;
    if (event.kind === 'worker-drained') worker.held = { as: 'drained', reason };
    if (event.kind === 'worker-quarantined') worker.held = { as: 'quarantined', reason };
  }
  state.soloHost = soloHost(state);
}
