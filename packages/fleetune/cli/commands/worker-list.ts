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
  const header = ['WORKER', 'HOST', 'SLOTS', 'BUSY', 'STATE'];
  return table(
    header,
    workers.map(({ worker, host, slots, state, reason }) => {
      const busy = slots.filter(({ trial }) => trial !== undefined).length;
      const why = reason === undefined ? '' : `: ${reason}`;
      return [worker, host, String(slots.length), String(busy), `${state}${why}`];
    }),
  );
}
