import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail, type StudySpec } from '@fleetune/core';
import type { TrialRow } from '@fleetune/coordinator/store';
import type { Invocation } from '../manual/page.ts';
import { csv } from '../output/csv.ts';
import { flag, oneOf, textOption } from './option.ts';
import { bestTrials } from './trial-list.ts';
import { namedStudy } from './study-argument.ts';

export async function studyExport(invocation: Invocation): Promise<number> {
  const { console, options } = invocation;
  const wanted = textOption(options, 'format') ?? (flag(options, 'json') ? 'json' : 'csv');
  const format = oneOf(wanted, '--format', ['csv', 'json']);
  const { argument, studies } = await namedStudy(invocation);
  const { name, spec } = await studies.study(argument.name);
  const trials = await studies.trials(name);
  const text =
    format === 'csv'
      ? exportCsv(spec, trials)
      : `${JSON.stringify({ study: name, spec, trials }, null, 2)}\n`;
  const output = textOption(options, 'output');
  if (output === undefined) console.stdout.write(text);
  else writeText(resolve(console.cwd, output), text);
  return 0;
}

/** One row per trial; a column for each parameter that any trial has, and for each metric. */
export function exportCsv(spec: StudySpec, trials: readonly TrialRow[]): string {
  const known = [...spec.space.map(({ name }) => name), ...trials.flatMap(paramNames)];
  const params = [...new Set(known)];
  const metrics = [...new Set(trials.flatMap((trial) => Object.keys(trial.metrics)))];
  const { objectives } = spec;
  const front = objectives && new Set(bestTrials(trials, objectives, Infinity));
  const header = [
    'trial',
    'state',
    'value',
    'step',
    ...(front === undefined ? [] : ['front']),
    ...params.map((name) => `params.${name}`),
    ...metrics.map((name) => `metrics.${name}`),
    'attempts',
    'sampler',
    'created',
    'started',
    'ended',
    'reason',
  ];
  const rows = trials.map((trial) => [
    trial.number,
    trial.state,
    trial.value,
    trial.step,
    ...(front === undefined ? [] : [front.has(trial)]),
    ...params.map((name) => trial.params[name]),
    ...metrics.map((name) => trial.metrics[name]),
    trial.attempts,
    trial.sampler,
    time(trial.createdAt),
    time(trial.startedAt),
    time(trial.endedAt),
    trial.reason,
  ]);
  return csv(header, rows);
}

function paramNames({ params }: TrialRow): string[] {
  return Object.keys(params);
}

function time(ms: number | undefined): string {
  return ms === undefined ? '' : new Date(ms).toISOString();
}

function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const problem = (error as Error).message.split(',')[0]!;
    throw fail('cli.output', path, { problem }, { cause: error });
  }
}
