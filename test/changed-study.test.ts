// A study file that was changed between two runs: what may change counts from then on, what may not is refused.

import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@fleetune/coordinator/store';
import type { ErrorCode } from '@fleetune/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prepareCommand, runCommand, type Finished } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

const study = `
name: changed
objective: { metric: loss, direction: minimize }
space:
  x: { type: float, low: 0, high: 1 }
  kind: { type: categorical, choices: [a, b] }
command: [echo, '{"loss": {x}, "other": 1}']
budget: { trials: 3 }
sampler: random
seed: 1
`;

let template: string;
let folder: string;
beforeAll(async () => {
  prepareCommand();
  template = newFolder('changed');
  writeFileSync(join(template, 'study.yaml'), study);
  expect(await runCommand(['run', 'study.yaml'], template)).toMatchObject({ code: 0, stderr: '' });
}, 120_000);
afterAll(() => closeFolder(template));
beforeEach(() => {
  folder = newFolder('changed');
  cpSync(template, folder, { recursive: true });
});
afterEach(() => closeFolder(folder));

describe('is taken', () => {
  it.each([
    ['another seed', 'seed: 1', 'seed: 2', 3],
    ['a larger budget', 'trials: 3', 'trials: 5', 5],
    ['a smaller budget', 'trials: 3', 'trials: 2', 3],
    ['another sampler, with room', 'trials: 3 }\nsampler: random', 'trials: 4 }', 4],
    ['wider bounds', 'high: 1 }', 'high: 2 }', 3],
    ['one more choice', '[a, b]', '[a, b, c]', 3],
  ])('%s', async (_, from, to, trials) => {
    const run = await runChanged(from, to);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(resultOf(run)).toMatchObject({ status: { trialsUsed: trials } });
    expect(await runCommand(['replay', 'study.yaml'], folder)).toMatchObject({ code: 0 });
  });

  it('another command, for the trials from then on', async () => {
    const run = await runChanged(
      `command: [echo, '{"loss": {x}, "other": 1}']\nbudget: { trials: 3 }`,
      `command: [echo, '{"loss": -1}']\nbudget: { trials: 4 }`,
    );
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(resultOf(run)).toMatchObject({ status: { incumbent: { trial: 3, value: -1 } } });
  });
});

describe('is refused', () => {
  it.each<[string, string, string, ErrorCode, string]>([
    ['another metric', 'metric: loss', 'metric: other', 'study.other-objective', 'objective'],
    ['another direction', 'minimize', 'maximize', 'study.other-objective', 'objective'],
    ['another type', 'type: float', 'type: int', 'study.other-parameter', 'space.x'],
    [
      'one parameter less',
      '  kind: { type: categorical, choices: [a, b] }\n',
      '',
      'study.parameter-removed',
      'space.kind',
    ],
  ])('%s', async (_, from, to, code, place) => {
    const before = storedStudy();
    const run = await runChanged(from, to);
    expect([run.stdout, run.code]).toEqual(['', 2]);
    const { errors } = JSON.parse(run.stderr) as { errors: { remedy: string }[] };
    expect(errors).toMatchObject([{ code, place }]);
    expect(errors[0]!.remedy).toContain('name of its own');
    expect(storedStudy()).toEqual(before);
    writeFileSync(join(folder, 'study.yaml'), study);
    expect(await runCommand(['run', 'study.yaml'], folder)).toMatchObject({ code: 0, stderr: '' });
  });
});

function runChanged(from: string, to: string): Promise<Finished> {
  expect(study).toContain(from);
  writeFileSync(join(folder, 'study.yaml'), study.replace(from, to));
  return runCommand(['run', 'study.yaml', '--json'], folder);
}

/** Its row, its trials and its log. */
function storedStudy(): unknown {
  const store = sqliteStore(join(folder, 'fleetune.db'), { readOnly: true });
  const row = store.study('changed')!;
  const stored = { row, trials: store.trials(row.id), events: [...store.events(row.id, 0)] };
  void store.close();
  return stored;
}

/** The last line of `run --json`. */
function resultOf({ stdout }: Finished): unknown {
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}
