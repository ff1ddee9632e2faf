import { paretoFront, trialStates, type Objective } from '@fleetune/core';
import type { TrialRow } from '@fleetune/coordinator/store';
import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { table } from '../output/table.ts';
import { figure, paramText } from '../view/figures.ts';
import { countOption, flag, oneOf, textOption } from './option.ts';
import { namedStudy } from './study-argument.ts';

export async function trialList(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const text = textOption(options, 'state');
  const state = text === undefined ? undefined : oneOf(text, '--state', trialStates);
  const best = countOption(options, 'best');
  const { argument, studies } = await namedStudy(invocation);
  const { objective, objectives } = (await studies.study(argument.name)).spec;
  const goals = objectives ?? [objective];
  const all = await studies.trials(argument.name, state);
  const trials = best === undefined ? all : bestTrials(all, goals, best);
  if (flag(options, 'json')) printJson(console, trials);
  else print(console, trials.length === 0 ? ['no trials'] : listing(trials, goals));
  return 0;
}

/**
 * At the highest fidelity first: values are compared at equal fidelity only. Of several objectives those that
 * no other trial beats in all of them.
 */
export function bestTrials(
  trials: readonly TrialRow[],
  objectives: readonly Objective[],
  most: number,
): TrialRow[] {
  const [objective] = objectives as [Objective];
  const sign = objective.direction === 'maximize' ? -1 : 1;
  const candidates = objectives.length > 1 ? unbeaten(trials, objectives) : trials;
  return candidates
    .filter(({ value }) => value !== undefined && value !== 'NaN')
    .sort((a, b) => (b.step ?? 0) - (a.step ?? 0) || compare(loss(a, sign), loss(b, sign)))
    .slice(0, most);
}

function unbeaten(trials: readonly TrialRow[], objectives: readonly Objective[]): TrialRow[] {
  const ended = trials.filter(({ state, value }) => state === 'completed' && value !== undefined);
  const front = paretoFront(ended.map((row) => losses(row, objectives)));
  return front.map((index) => ended[index]!);
}

function losses({ value, metrics }: TrialRow, objectives: readonly Objective[]): number[] {
  return objectives.map(({ metric, direction }, index) => {
    const given = Number(index === 0 ? value : metrics[metric]);
    return direction === 'maximize' ? -given : given;
  });
}

function loss({ value }: TrialRow, sign: number): number {
  return sign * Number(value);
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function listing(trials: readonly TrialRow[], objectives: readonly Objective[]): string[] {
  const others = objectives.slice(1).map(({ metric }) => metric);
  const header = ['TRIAL', 'STATE', objectives[0]!.metric, ...others, 'STEP', 'PARAMS'];
  const rows = trials.map(({ number, state, value, metrics, step, params }) => [
    String(number),
    state,
    value === undefined ? '' : figure(value),
    ...others.map((name) => (metrics[name] === undefined ? '' : figure(metrics[name]))),
    step === undefined ? '' : figure(step),
    Object.entries(params)
      .map(([name, param]) => `${name}=${paramText(param)}`)
      .join(' '),
  ]);
  return table(header, rows);
}
