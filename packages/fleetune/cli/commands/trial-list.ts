import type { Objective, TrialState } from '@fleetune/core';
import type { TrialRow } from '@fleetune/coordinator/store';
import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { table } from '../output/table.ts';
import { figure, paramText } from '../view/figures.ts';
import { countOption, flag, oneOf, textOption } from './option.ts';
import { namedStudy } from './study-argument.ts';

const states: readonly TrialState[] = [
  'queued',
  'running',
  'paused',
  'completed',
  'stopped',
  'failed',
  'infeasible',
  'cancelled',
];

export async function trialList(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const text = textOption(options, 'state');
  const state = text === undefined ? undefined : oneOf(text, '--state', states);
  const best = countOption(options, 'best');
  const { argument, studies } = namedStudy(invocation);
  const { objective } = (await studies.study(argument.name)).spec;
  const all = await studies.trials(argument.name, state);
  const trials = best === undefined ? all : bestTrials(all, objective, best);
  if (flag(options, 'json')) printJson(console, trials);
  else print(console, trials.length === 0 ? ['no trials'] : listing(trials, objective));
  return 0;
}

/** At the highest fidelity first: values are compared at equal fidelity only. */
export function bestTrials(
  trials: readonly TrialRow[],
  objective: Objective,
  most: number,
): TrialRow[] {
  const sign = objective.direction === 'maximize' ? -1 : 1;
  return trials
    .filter(({ value }) => value !== undefined && value !== 'NaN')
    .sort((a, b) => (b.step ?? 0) - (a.step ?? 0) || compare(loss(a, sign), loss(b, sign)))
    .slice(0, most);
}

function loss({ value }: TrialRow, sign: number): number {
  return sign * Number(value);
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function listing(trials: readonly TrialRow[], objective: Objective): string[] {
  const header = ['TRIAL', 'STATE', objective.metric, 'STEP', 'PARAMS'];
  const rows = trials.map(({ number, state, value, step, params }) => [
    String(number),
    state,
    value === undefined ? '' : figure(value),
    step === undefined ? '' : figure(step),
    Object.entries(params)
      .map(([name, param]) => `${name}=${paramText(param)}`)
      .join(' '),
  ]);
  return table(header, rows);
}
