import type { StudyEvent, StudySpec } from '@fleetune/core';

/**
 * Core has no seam for marks, and needs none: what it decided is in the log. Kinds of events, ends of attempts, of
 * trials and of runs, and the codes of their reasons are its marks.
 */
export function markLog(events: Iterable<StudyEvent>, marks: Map<string, number>): void {
  const mark = (name: string): unknown => marks.set(name, (marks.get(name) ?? 0) + 1);
  const situation = follow(mark);
  for (const event of events) {
    mark(event.kind);
    situation(event);
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

/** Situations in which a decision could be wrong, whether or not it was: those that canaries are found in. */
function follow(mark: (name: string) => unknown): (event: StudyEvent) => void {
  /** Trials whose latest attempt was lost. */
  const lost = new Set<number>();
  let spec: StudySpec | undefined;
  let keepGoing = true;
  let reported = false;
  let others = 0;
  let crashes = 0;
  return (event) => {
    switch (event.kind) {
      case 'study-created':
      case 'spec-changed':
        spec = event.spec;
        return;
      case 'run-started':
        ({ keepGoing } = event);
        return;
      case 'reports':
        reported = true;
        return;
      case 'rung-reached':
        if (reachesTargetEarly(spec!, event)) mark('target at a rung');
        return;
      case 'attempt-ended':
        if (event.end !== 'lost') lost.delete(event.trial);
        else if (lost.has(event.trial)) mark('attempt lost again');
        else lost.add(event.trial);
        if (event.end === 'crashed') crashes += 1;
        else if (event.end !== 'lost') others += 1;
        if (!keepGoing && reported && others === 0 && crashes >= 3) mark('crashes after reports');
        return;
      default:
    }
  };
}

function reachesTargetEarly(
  { budget, objective, fidelity }: StudySpec,
  { step, loss }: Extract<StudyEvent, { kind: 'rung-reached' }>,
): boolean {
  if (budget.target === undefined || step >= fidelity!.max) return false;
  const sign = objective.direction === 'maximize' ? -1 : 1;
  return Number(loss) <= sign * budget.target;
}
