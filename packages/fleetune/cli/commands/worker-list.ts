import type { WorkerView } from '@fleetune/protocol';
import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { table } from '../output/table.ts';
import { flag } from './option.ts';
import { allStudies } from './study-argument.ts';

export async function workerList(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const workers = await allStudies(invocation).ask((owner) => owner.listWorkers());
  if (flag(options, 'json')) printJson(console, workers);
  else print(console, workers.length === 0 ? ['no workers'] : listing(workers));
  return 0;
}

function listing(workers: readonly WorkerView[]): string[] {
  const header = ['WORKER', 'HOST', 'SLOTS', 'BUSY', 'STATE', 'RUNS'];
  const rows = workers.map(({ worker, host, slots, state, reason }) => {
    const busy = slots.filter(({ trial }) => trial !== undefined).length;
    const why = reason === undefined ? state : `${state}: ${reason}`;
    return [worker, host, String(slots.length), String(busy), why, work(slots)];
  });
  return table(header, rows);
}

/** `digits-mlp #3 #7; waits: the queue is empty` */
function work(slots: WorkerView['slots']): string {
  const byStudy = Map.groupBy(
    slots.filter(({ trial }) => trial !== undefined),
    ({ study = '' }) => study,
  );
  const runs = [...byStudy].map(
    ([study, busy]) => `${study} ${busy.map(({ trial }) => `#${trial}`).join(' ')}`,
  );
  const waits = slots.flatMap(({ waiting }) =>
    waiting === undefined ? [] : [waiting.reason.text],
  );
  return [...runs, ...[...new Set(waits)].map((text) => `waits: ${text}`)].join('; ');
}
