// Promise 6 (DESIGN §12): bad input gets one clear error that names the place and the remedy, and nothing is written.
// Every key of the study file is wrong once; readStudy's own tests have more ways to be wrong.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { errorTable, studyFileSchema, type ErrorCode, type ErrorInfo } from '@fleetune/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareCommand, runCommand } from './command.ts';

let folder: string;
beforeAll(() => {
  prepareCommand();
  folder = mkdtempSync(join(tmpdir(), 'fleetune-bad-file-'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const valid = {
  name: 'bad',
  objective: { metric: 'loss', direction: 'minimize' },
  space: {
    lr: { type: 'float', low: 1e-5, high: 0.1, log: true },
    units: { type: 'int', low: 16, high: 512 },
    solver: { type: 'categorical', choices: ['adam', 'sgd'] },
    momentum: { type: 'float', low: 0, high: 0.99, when: { solver: 'sgd' } },
    size: { type: 'constant', value: 3 },
  },
  fidelity: { metric: 'epoch', min: 1, max: 9 },
  command: ['true', '{lr}'],
};

/** [path that is changed (undefined removes it), its new value, code, place where it is not the path, part of the message] */
type Wrong = [string, unknown, ErrorCode, place?: string | undefined, message?: string];

const wrong: Wrong[] = [
  ['name', 'a/b', 'input.value'],
  ['objective', undefined, 'input.missing'],
  ['objective.metric', 7, 'input.type'],
  ['objective.direction', 'max', 'input.choice', undefined, 'minimize, maximize'],
  ['objectives', [{ metric: 'a', direction: 'minimize' }], 'input.value', undefined, 'one with 1'],
  [
    'objectives',
    [
      { metric: 'a', direction: 'minimize' },
      { metric: 'b', direction: 'minimize' },
    ],
    'input.value',
    'objective',
    'absent beside objectives',
  ],
  ['outcomeConstraints', ['memory <'], 'input.value', 'outcomeConstraints[0]', 'latency_ms <= 20'],
  ['function', 'train:objective', 'input.not-yet'],
  ['space', {}, 'input.value'],
  ['space.lr.type', 'flaot', 'input.choice'],
  ['space.lr.low', 1, 'input.value', undefined, 'must be below high (0.1), got 1'],
  ['space.units.low', 0.5, 'input.type'],
  ['space.lr.high', 'x', 'input.type'],
  ['space.lr.low', 0, 'space.log-scale', undefined, 'Give a value above 0, or drop log: true.'],
  ['space.lr.log', 'yes', 'input.type'],
  ['space.lr.step', 0.01, 'input.value'],
  ['space.units.default', 1000, 'input.value'],
  ['space.units.prior', { mean: 32 }, 'input.missing', 'space.units.prior.sd'],
  ['space.units.prior', { mean: 1e6, sd: 1 }, 'input.value', 'space.units.prior.mean'],
  ['space.solver.prior', { weights: [1] }, 'input.value', 'space.solver.prior.weights'],
  ['space.solver.choices', ['sgd', 'sgd'], 'input.value', 'space.solver.choices[1]'],
  ['space.size.value', undefined, 'input.missing'],
  [
    'space.momentum.when',
    { slover: 'sgd' },
    'space.unknown-parameter',
    'space.momentum.when.slover',
    '"solver"',
  ],
  ['space.momentum.when', { momentum: { min: 0.1 } }, 'space.cycle'],
  ['space.momentum.when', { units: { min: 9999 } }, 'input.value', 'space.momentum.when.units'],
  ['space.momentum.when', { units: { max: 'x' } }, 'input.type', 'space.momentum.when.units.max'],
  ['constraints', ['units <'], 'constraint.syntax', 'constraints[0]', 'column 8'],
  ['constraints', ['unit < 3'], 'space.unknown-parameter', 'constraints[0]', '"units"'],
  ['constraints', ['units < 3'], 'space.unsatisfiable', 'constraints[0]'],
  ['fidelity.metric', 'loss', 'input.value'],
  ['fidelity.min', 10, 'input.value'],
  ['fidelity.max', 0, 'input.value'],
  ['sampler', 'tpee', 'input.choice', undefined, 'tpe'],
  ['sampler', 'gp', 'input.not-yet'],
  ['sampler', { type: 'grid', counts: { lr: 0 } }, 'input.value', 'sampler.counts.lr'],
  ['sampler', { type: 'tpe', startup: 0 }, 'input.value', 'sampler.startup'],
  ['sampler', { type: 'tpe', candidates: '24' }, 'input.type', 'sampler.candidates'],
  ['sampler', { type: 'tpe', ended: 0 }, 'input.value', 'sampler.ended'],
  ['sampler', { type: 'tpe', initial: 'grid' }, 'input.choice', 'sampler.initial'],
  ['sampler', { type: 'tpe', perPending: -1 }, 'input.value', 'sampler.perPending'],
  ['sampler', { type: 'tpe', weights: 'none' }, 'input.choice', 'sampler.weights'],
  ['sampler', { type: 'tpe', smoothing: -1 }, 'input.value', 'sampler.smoothing'],
  ['sampler', { type: 'tpe', liar: 2 }, 'input.value', 'sampler.liar'],
  ['sampler', { type: 'tpe', parity: 1 }, 'input.type', 'sampler.parity'],
  ['sampler', { type: 'tpe', multivariate: 1 }, 'input.type', 'sampler.multivariate'],
  ['sampler', { type: 'tpe', branches: 'all' }, 'input.choice', 'sampler.branches'],
  ['sampler', { type: 'cma-es', population: 1 }, 'input.value', 'sampler.population'],
  ['sampler', { type: 'cma-es', width: 0 }, 'input.value', 'sampler.width'],
  ['sampler', { type: 'cma-es', noisy: 'y' }, 'input.type', 'sampler.noisy'],
  ['sampler', { type: 'cma-es', restarts: 'bi' }, 'input.choice', 'sampler.restarts'],
  ['sampler', { type: 'nsga', crossover: 2 }, 'input.value', 'sampler.crossover'],
  ['sampler', { type: 'regularized-evolution', sample: 0 }, 'input.value', 'sampler.sample'],
  [
    'sampler',
    { type: 'differential-evolution', population: 3 },
    'input.value',
    'sampler.population',
  ],
  ['scheduler', { type: 'asha', eta: 1 }, 'input.value', 'scheduler.eta'],
  ['scheduler', { type: 'median', startup: -1 }, 'input.value', 'scheduler.startup'],
  ['scheduler', { type: 'median', warmup: -1 }, 'input.value', 'scheduler.warmup'],
  ['scheduler', { type: 'median', interval: 0 }, 'input.value', 'scheduler.interval'],
  ['scheduler', 'hyperband', 'input.not-yet'],
  ['budget', { trials: 0 }, 'input.value', 'budget.trials'],
  ['budget', { time: '30 minutes' }, 'input.value', 'budget.time'],
  ['budget', { target: 'high' }, 'input.type', 'budget.target'],
  ['budget', { trails: 3 }, 'input.unknown-key', 'budget.trails', '"trials"'],
  ['setup', ['pip install x'], 'input.type', 'setup[0]'],
  ['command', undefined, 'input.missing'],
  ['command', ['train', '{rate}'], 'space.unknown-parameter', 'command[1]'],
  ['command', ['train', '{momentum}'], 'command.conditional', 'command[1]'],
  ['metrics', { regex: { loss: 'loss=.*', epoch: '(.)' } }, 'input.value', 'metrics.regex.loss'],
  ['metrics', { file: 3 }, 'input.type', 'metrics.file'],
  ['keep', ['a', 'a'], 'input.value', 'keep[1]'],
  ['env', { TOKEN: { from: 'vault' } }, 'input.choice', 'env.TOKEN.from'],
  ['env', { TOKEN: { from: 'env', name: 3 } }, 'input.type', 'env.TOKEN.name'],
  ['resources', { cpus: 0 }, 'input.value', 'resources.cpus'],
  ['resources', { gpus: -1 }, 'input.value', 'resources.gpus'],
  ['resources', { memory: '2 bytes' }, 'input.value', 'resources.memory'],
  ['engine', { type: 'local', slots: 0 }, 'input.value', 'engine.slots'],
  ['engine', 'slurm', 'input.not-yet'],
  ['limits', { trial: '10' }, 'input.value', 'limits.trial'],
  ['limits', { silence: '0s' }, 'input.value', 'limits.silence'],
  ['limits', { grace: 3 }, 'input.type', 'limits.grace'],
  ['retries', { crashed: -1 }, 'input.value', 'retries.crashed'],
  ['retries', { 'timed-out': -1 }, 'input.value', 'retries.timed-out'],
  ['retries', { 'invalid-metric': 'twice' }, 'input.type', 'retries.invalid-metric'],
  ['invalidMetric', 'ignore', 'input.choice'],
  ['seed', 1.5, 'input.type'],
  ['reproducible', 'no', 'input.type'],
  ['comand', ['true'], 'input.unknown-key', undefined, '"command"'],
];

describe.concurrent('a study file that is wrong in one place', () => {
  it.each(wrong)('%s: %j is one error: %s', async (path, value, code, place = path, part = '') => {
    const text = JSON.stringify(changed(path, value), null, 2);
    const [check, run] = await refusals(text);
    expect(check.errors).toHaveLength(1);
    const [error] = check.errors;
    expect(error).toMatchObject({ code, place });
    expect(`${error!.message}\n${error!.remedy}`).toContain(part);
    expect(error!.remedy).not.toMatch(/^Change the value/);
    // Where it is in the file: a line and a column.
    expect(error!.data.at).toMatch(/^study\.json:\d+:\d+$/);
    expect(run.stderr.split('\n')).toEqual([
      `${place}: ${error!.message}`,
      `  at ${error!.data.at}`,
      `  ${error!.remedy}`,
      `  [${code}]`,
      '',
    ]);
  });

  it('has every key of the schema in the table above', () => {
    const words = new Set(
      wrong.flatMap(([path, , , place = path]) => place.split(/[.[]/)).concat('mean', 'sd', 'type'),
    );
    expect(keysOf(studyFileSchema).filter((key) => !words.has(key))).toEqual([]);
  });

  it('is told in colour only where that is wanted', async () => {
    const own = newFolder(JSON.stringify({ ...valid, seed: -1 }));
    const check = (env: object) => runCommand(['check', 'study.json'], own, env);
    const [forced, refused] = await Promise.all([
      check({ FORCE_COLOR: '1' }),
      check({ NO_COLOR: '1' }),
    ]);
    expect(refused.stderr).toMatch(/^seed: must be at least 0/);
    expect(forced.stderr).not.toBe(refused.stderr);
    expect(stripVTControlCharacters(forced.stderr)).toBe(refused.stderr);
  });

  it('tells two mistakes together', async () => {
    const text = JSON.stringify({ ...valid, seed: -1, retries: 'x' });
    const [check] = await refusals(text);
    expect(check.errors.map(({ place }) => place).sort()).toEqual(['retries', 'seed']);
  });
});

describe.concurrent('a file that is no study', () => {
  it.each([
    ['empty', '', 'study-file.empty', 'study.json'],
    ['broken', 'name: [a\nspace: {}', 'study-file.syntax', 'study.json:2:1'],
    ['with a tab', 'space:\n\tlr: 1', 'study-file.syntax', 'study.json:2:1'],
    ['with a key twice', 'seed: 1\nseed: 2', 'study-file.repeated-key', 'study.json:2:1'],
    ['binary', Buffer.from([0xff, 0xfe, 0, 1]), 'study-file.unreadable', 'study.json'],
    ['a list', '[1, 2]', 'input.type', 'study file'],
    ['a text', 'hello', 'input.type', 'study file'],
  ])('%s', async (_, text, code, place) => {
    const [check, run] = await refusals(text);
    expect(check.errors).toMatchObject([{ code, place }]);
    expect(run.stderr.startsWith(`${place}: `)).toBe(true);
  });
});

describe.concurrent('a command line that is wrong', () => {
  it.each([
    [['run', 'nowhere.yaml'], 'study-file.not-found', 'nowhere.yaml'],
    [['check', 'no/where'], 'study-file.not-found', 'no/where'],
    [['check', '.'], 'study-file.not-found', '.'],
    [['run', 'study.json', '--slots', '0'], 'input.value', '--slots'],
    [['run', 'study.json', '--slots', '100000'], 'input.value', '--slots'],
    [['run', 'study.json', '--trials', 'many'], 'input.value', '--trials'],
    [['run', 'study.json', '--time', 'soon'], 'input.value', '--time'],
    [['run', 'study.json', '--seed', '-1'], 'input.value', '--seed'],
    [['run', 'study.json', '--seed', '4294967296'], 'input.value', '--seed'],
    [['run', 'study.json', '--slot', '2'], 'cli.unknown-option', ''],
    [['run', 'study.json', '--', 'true'], 'cli.usage', 'run'],
    [['run', 'study.json', '--db', 'no/where.db'], 'store.no-folder', 'no/where.db'],
    [['rnu', 'study.json'], 'cli.unknown-command', ''],
    [['run'], 'cli.usage', 'run'],
    [['run', '--param', 'x=1..', '--minimize', 'y', '--', 'true'], 'cli.param', 'x=1..'],
    [['run', '--param', 'x=0..1', '--minimize', 'y'], 'cli.usage', 'run'],
    [['run', '--param', 'x=0..1', '--', 'true'], 'cli.usage', 'run'],
    [['study', 'show'], 'cli.usage', 'study show'],
    [['study', 'show', 'nobody'], 'store.not-found', 'fleetune.db'],
    [['trial', 'show', 'study.json', 'x'], 'input.value', 'TRIAL'],
    [['replay', 'study.json', '--until', 'x'], 'input.value', '--until'],
  ] as [string[], ErrorCode, string][])('%j', async (args, code, place) => {
    const own = newFolder(JSON.stringify(valid));
    const dashes = args.includes('--') ? args.indexOf('--') : args.length;
    const withJson = args.toSpliced(dashes, 0, '--json');
    const { code: exit, stdout, stderr } = await runCommand(withJson, own);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({
      kind: 'error',
      errors: [{ code, place: expect.stringContaining(place) as string }],
    });
    expect(exit).toBe(errorTable[code].exit);
    expect(readdirSync(own)).toEqual(['study.json']);
  });
});

interface Refusal {
  stderr: string;
}

/** What `check --json` and `run` say; neither may write anything, on stdout or into the folder. */
async function refusals(
  text: string | Uint8Array,
): Promise<[Refusal & { errors: ErrorInfo[] }, Refusal]> {
  const own = newFolder(text);
  const [check, run] = await Promise.all([
    runCommand(['check', 'study.json', '--json'], own),
    runCommand(['run', 'study.json'], own, { NO_COLOR: '1' }),
  ]);
  for (const { code, stdout } of [check, run]) expect([code, stdout]).toEqual([2, '']);
  expect(readdirSync(own)).toEqual(['study.json']);
  const { kind, errors } = JSON.parse(check.stderr) as { kind: string; errors: ErrorInfo[] };
  expect(kind).toBe('error');
  return [{ stderr: check.stderr, errors }, run];
}

function newFolder(text: string | Uint8Array): string {
  const own = mkdtempSync(join(folder, 'case-'));
  writeFileSync(join(own, 'study.json'), text);
  return own;
}

/** The valid file with another value at the path; undefined removes it. */
function changed(path: string, value: unknown): unknown {
  const file = structuredClone(valid) as Record<string, unknown>;
  const keys = path.split('.');
  let at = file;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[keys.at(-1)!];
  else at[keys.at(-1)!] = value;
  return file;
}

/** Every key that the schema names, at any depth. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, inner]) =>
    key === 'properties'
      ? [...Object.keys(inner as object), ...keysOf(Object.values(inner as object))]
      : keysOf(inner),
  );
}
