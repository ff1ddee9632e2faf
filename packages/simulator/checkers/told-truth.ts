import type { StudyEvent } from '@fleetune/core';
import type { MakeChecker } from './watch.ts';

type Of<K extends StudyEvent['kind']> = Extract<StudyEvent, { kind: K }>;

/** The log has the very reports and ends that programs gave: all, once, in their order. */
export const toldTruth: MakeChecker = ({ executions }, broken) => {
  const taken = new Map<string, number>();

  function readRows(study: string, item: Of<'reports'>['items'][number]): void {
    const name = `${study}/${item.trial}.${item.attempt}`;
    const execution = executions.get(name);
    if (execution === undefined) return;
    const rows = taken.get(name) ?? 0;
    if (item.from !== rows) broken(`${name}: row ${item.from} follows ${rows} rows`);
    item.columns.step.forEach((step, i) => {
      const row = execution.rows[item.from + i];
      const metrics = Object.entries(row?.metrics ?? {});
      const same = metrics.every(([metric, value]) => item.columns.metrics[metric]?.[i] === value);
      if (row?.step !== step || !same) broken(`${name}: row ${item.from + i} differs`);
    });
    taken.set(name, rows + item.columns.step.length);
  }

  function readEnd(study: string, event: Of<'attempt-ended'>): void {
    const name = `${study}/${event.trial}.${event.attempt}`;
    const execution = executions.get(name);
    if (event.use === undefined || execution?.end === undefined) return;
    const told = event.told ?? event.end;
    if (told !== execution.end) broken(`${name} ended as ${execution.end}, the log says ${told}`);
    const rows = taken.get(name) ?? 0;
    const { length } = execution.rows;
    if (rows !== length) broken(`${name}: ${rows} of its ${length} rows arrived`);
  }

  return {
    onEvent(event, { name }) {
      if (event.kind === 'reports') event.items.forEach((item) => readRows(name, item));
      else if (event.kind === 'attempt-ended') readEnd(name, event);
    },
  };
};
