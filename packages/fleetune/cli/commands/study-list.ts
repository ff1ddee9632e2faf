import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { table } from '../output/table.ts';
import { figure } from '../view/figures.ts';
import { flag } from './option.ts';
import { allStudies } from './study-argument.ts';

export async function studyList(invocation: Invocation): Promise<number> {
  const { options, console } = invocation;
  const studies = await allStudies(invocation).list();
  if (flag(options, 'json')) {
    printJson(
      console,
      studies.map(({ name, state, trials, incumbent, createdAt, lastEvent, spec, unreadable }) => ({
        name,
        state,
        objective: spec.objective,
        trials,
        ...(incumbent === undefined ? {} : { incumbent }),
        createdAt,
        lastEvent,
        ...(unreadable && { unreadable }),
      })),
    );
    return 0;
  }
  const rows = studies.map(({ name, state, trials, incumbent, spec, createdAt, unreadable }) => [
    name,
    unreadable === undefined ? state : 'unreadable',
    String(Object.values(trials).reduce((sum, count) => sum + count, 0)),
    (spec.objectives ?? [spec.objective]).map(({ metric }) => metric).join(', '),
    incumbent === undefined ? '' : figure(incumbent.value),
    incumbent === undefined ? '' : String(incumbent.trial),
    new Date(createdAt).toISOString().slice(0, 16).replace('T', ' '),
  ]);
  const header = ['STUDY', 'STATE', 'TRIALS', 'METRIC', 'INCUMBENT', 'TRIAL', 'CREATED (UTC)'];
  print(console, studies.length === 0 ? ['no studies'] : table(header, rows));
  return 0;
}
