import type { StudyEvent, StudySpec } from '@fleetune/core';
import type { TrialInFull } from '../../session/studies.ts';
import type { TrialRow } from '@fleetune/coordinator/store';
import { print, printJson } from '../console.ts';
import type { Invocation } from '../manual/page.ts';
import { clockTime, figure, paramText } from '../view/figures.ts';
import { printable } from '../view/text-width.ts';
import { trialHistory } from '../view/trial-history.ts';
import { flag } from './option.ts';
import { programLine } from './program-line.ts';
import { namedTrial } from './trial-argument.ts';

export async function trialShow(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const { argument, studies, number } = await namedTrial(invocation);
  const { name, spec } = await studies.study(argument.name);
  const trial = await studies.trial(name, number);
  const events = await studies.trialEvents(name, number);
  if (flag(options, 'json')) printJson(console, { ...trial, events });
  else print(console, describeTrial(spec, trial, events, console.cwd).map(printable));
  return 0;
}

function describeTrial(
  spec: StudySpec,
  trial: TrialInFull,
  events: readonly StudyEvent[],
  cwd: string,
): string[] {
  const row = (label: string, text: string): string => `${label.padEnd(12)}${text}`;
  const at =
    trial.step === undefined ? '' : ` at ${spec.fidelity?.metric ?? 'step'} ${figure(trial.step)}`;
  // What it had reported: the study counts no value of a trial that failed.
  const counts = trial.state !== 'failed' && trial.state !== 'infeasible';
  const label = counts ? 'value' : 'last value';
  const value =
    trial.value === undefined
      ? []
      : [row(label, `${spec.objective.metric} ${figure(trial.value, 17)}${at}`)];
  const others = Object.entries(trial.metrics).filter(([name]) => name !== spec.objective.metric);
  const command = programLine(spec, trial.params, cwd);
  return [
    `trial ${trial.number}: ${trial.state}`,
    ...(trial.reason === '' ? [] : [row('reason', trial.reason)]),
    ...(trial.waiting === undefined
      ? []
      : [row('waiting', `${trial.waiting.text}  [${trial.waiting.code}]`)]),
    ...value,
    ...others.map(([name, metric], i) =>
      row(i === 0 ? 'metrics' : '', `${name} ${figure(metric, 17)}`),
    ),
    ...Object.entries(trial.params).map(([name, param], i) =>
      row(i === 0 ? 'params' : '', `${name} ${paramText(param, 17)}`),
    ),
    row('sampler', trial.sampler),
    row('reports', String(trial.reports)),
    ...timesOf(trial).map((text, i) => row(i === 0 ? 'times' : '', text)),
    ...(command === undefined ? [] : [row('command', command)]),
    ...(trial.tail === undefined ? [] : ['last output:', ...trial.tail.map((line) => `  ${line}`)]),
    'history:',
    ...trialHistory(events),
  ];
}

function timesOf({ createdAt, startedAt, endedAt }: TrialRow): string[] {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return [
    `created ${iso(createdAt)}`,
    ...(startedAt === undefined ? [] : [`started ${iso(startedAt)}`]),
    ...(startedAt === undefined || endedAt === undefined
      ? []
      : [`ended ${iso(endedAt)}, after ${clockTime(endedAt - startedAt)}`]),
  ];
}
