import type { MakeChecker } from './watch.ts';

/** Promise 1: what a worker was told has been taken is on disk by then, and stays there. */
export const acknowledged: MakeChecker = (_world, broken) => {
  /** What is on disk, by `study/trial.attempt`. */
  const rows = new Map<string, number>();
  const ends = new Map<string, string>();
  return {
    onEvent(event, study) {
      if (event.kind === 'reports') {
        for (const item of event.items) {
          rows.set(nameOf({ study: study.name, ...item }), item.from + item.columns.step.length);
        }
      } else if (event.kind === 'attempt-ended') {
        const { trial, attempt, told, end } = event;
        ends.set(nameOf({ study: study.name, trial, attempt }), told ?? end);
      }
    },
    onTold(attempt) {
      const name = nameOf(attempt);
      if (!ends.has(name)) broken(`the end of ${name} is acknowledged, and not in the log`);
    },
    onAnswer({ reports, ended }, { rejected }) {
      const refused = new Set(rejected.map(nameOf));
      for (const report of reports) {
        const name = nameOf(report);
        const upTo = report.from + report.columns.step.length;
        if (refused.has(name) || (rows.get(name) ?? 0) >= upTo) continue;
        broken(`rows of ${name} up to ${upTo} are acknowledged, and not in the log`);
      }
      for (const item of ended) {
        const name = nameOf(item);
        const told = item.setupFailed ? 'preempted' : item.end;
        if (refused.has(name) || ends.get(name) === told) continue;
        broken(`the end of ${name}, ${told}, is acknowledged; in the log: ${ends.get(name)}`);
      }
    },
  };
};

function nameOf({ study, trial, attempt }: { study: string; trial: number; attempt: number }) {
  return `${study}/${trial}.${attempt}`;
}
