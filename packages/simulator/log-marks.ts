import type { StudyEvent } from '@fleetune/core';

/**
 * Core has no seam for marks, and needs none: what it decided is in the log. Kinds of events, ends of attempts, of
 * trials and of runs, and the codes of their reasons are its marks.
 */
export function markLog(events: Iterable<StudyEvent>, marks: Map<string, number>): void {
  const mark = (name: string): unknown => marks.set(name, (marks.get(name) ?? 0) + 1);
  for (const event of events) {
    mark(event.kind);
    if ('reason' in event && event.reason !== undefined) {
      mark(`${event.kind}: ${event.reason.code}`);
    }
    if (event.kind === 'attempt-ended') mark(`attempt ${event.end}`);
    else if (event.kind === 'attempt-started' && event.reserve) mark('attempt in reserve');
    else if (event.kind === 'trial-ended') mark(`trial ${event.state}`);
    else if (event.kind === 'trial-requeued' && event.solo) mark('trial solo');
    else if (event.kind === 'run-ended') mark(`run ${event.end}`);
    else if (event.kind === 'stop-requested') mark(`stop as ${event.as}`);
    else if (event.kind === 'rung-reached') mark(`rung ${event.decision}`);
    else if (event.kind === 'trial-created') mark(`sampler ${event.sampler}`);
    else if (event.kind === 'trial-warned') mark(`warning ${event.warning.code}`);
  }
}
