import type { WorkerCommand } from '@fleetune/protocol';
import type { DispatcherState } from './dispatcher-state.ts';
import type { WorkerRecord } from './worker-table.ts';

/** What the worker has to hear: stops that it has not been told, and its own leave. */
export function commandsFor(state: DispatcherState, worker: WorkerRecord): WorkerCommand[] {
  const commands: WorkerCommand[] = [];
  for (const { occupant } of worker.slots) {
    if (occupant === undefined || occupant.told) continue;
    const { host, trial, attempt } = occupant;
    const stopping = host.state.trials[trial]?.stopping;
    if (stopping === undefined) continue;
    occupant.told = true;
    const reason = stopping.reason.text;
    commands.push({ command: 'stop', study: host.name, trial, attempt, reason });
  }
  if (worker.quit !== undefined) commands.push({ command: 'quit', reason: worker.quit });
  else if (state.draining !== undefined && !worker.draining) {
    commands.push({ command: 'drain', reason: state.draining });
  }
  return commands;
}
