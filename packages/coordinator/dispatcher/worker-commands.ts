import type { Assignment, WorkerCommand } from '@fleetune/protocol';
import { assignmentOf } from './assign.ts';
import type { DispatcherState } from './dispatcher-state.ts';
import { WALLTIME } from './work.ts';
import type { Occupant, WorkerRecord } from './worker-table.ts';

/** A command may overtake the trial that it is about, and come to nothing: it is said again after so long. */
const SAY_AGAIN_MS = 5_000;

type LeaveCommand = Extract<WorkerCommand, { command: 'quit' | 'drain' }>;

/** The answer that they go with: to which request, and what it hands out. */
interface Answer {
  seq: number;
  trials: Assignment[];
}

/** What the worker has to hear: checkpoints, once; stops, and its own leave, again while nothing comes of it. */
export function commandsFor(
  state: DispatcherState,
  worker: WorkerRecord,
  { seq, trials }: Answer,
): WorkerCommand[] {
  const nowMs = state.options.clock.monotonic();
  const commands: WorkerCommand[] = [];
  for (const occupant of worker.attempts) {
    if (occupant.checkpoint !== undefined) {
      commands.push({ command: 'checkpoint', ...idOf(occupant), reason: occupant.checkpoint });
      occupant.checkpoint = undefined;
    }
    const command = isDue(nowMs, occupant.toldMs) ? commandFor(occupant) : undefined;
    if (command === undefined) continue;
    if (command.command === 'return' && isMaybeUnknown(occupant, seq)) {
      trials.push(assignmentOf(state, occupant, seq));
    }
    occupant.toldMs = nowMs;
    commands.push(command);
  }
  const leave = leaveOf(state, worker);
  if (leave === undefined) return commands;
  if (leave.command === 'drain' && worker.draining) return commands;
  // Another command is news: whoever was told to drain hears of an end now at once.
  if (leave.command === worker.toldToLeave?.command && !isDue(nowMs, worker.toldToLeave.atMs)) {
    return commands;
  }
  worker.toldToLeave = { command: leave.command, atMs: nowMs };
  return [...commands, leave];
}

/**
 * What a worker never heard of it can't give back: an earlier coordinator's answer may have been lost with it, and ours
 * may have gone to a copy of an old request. Should it know the attempt, it does not begin it again.
 */
function isMaybeUnknown({ answeredIn, toldMs }: Occupant, seq: number): boolean {
  return answeredIn === 0 || (toldMs !== undefined && answeredIn < seq);
}

function isDue(nowMs: number, toldMs = -Infinity): boolean {
  return nowMs - toldMs >= SAY_AGAIN_MS;
}

function commandFor(occupant: Occupant): WorkerCommand | undefined {
  const { study, trial, reserve, recalled } = occupant;
  const stopping = study.host.state.trials[trial]?.stopping?.reason.text;
  const why = recalled ?? stopping;
  if (why === undefined) return undefined;
  const id = idOf(occupant);
  if (reserve) return { command: 'return', ...id, reason: why };
  return stopping === undefined ? undefined : { command: 'stop', ...id, reason: stopping };
}

function idOf({ study, trial, attempt }: Occupant) {
  return { study: study.host.name, trial, attempt };
}

function leaveOf(state: DispatcherState, worker: WorkerRecord): LeaveCommand | undefined {
  const { leave } = worker;
  if (state.quit !== undefined) return { command: 'quit', reason: state.quit };
  if (leave?.how === 'quit') return { command: 'quit', reason: leave.reason };
  if (state.draining !== undefined) return { command: 'drain', reason: state.draining };
  if (leave !== undefined) return { command: 'drain', reason: leave.reason };
  const reason = uselessBecause(worker);
  return reason === undefined ? undefined : { command: 'drain', reason };
}

/** It runs nothing, and nothing would end in the time that it has: its machine had better be free. */
function uselessBecause({ attempts, slots }: WorkerRecord): string | undefined {
  if (attempts.length > 0) return undefined;
  const [first] = slots;
  const useless = slots.every(({ waiting }) => waiting?.reason.code === WALLTIME);
  return useless ? first!.waiting!.reason.text : undefined;
}
