import { describe, expect, test } from 'vitest';
import { readStudy } from './read-study.ts';

const context = { cwd: '/study', seed: 11, name: 'folder' };

/** Every key of the study file, valid. */
function validFile(): Record<string, unknown> {
  return {
    name: 'digits-mlp',
    objective: { metric: 'val_accuracy', direction: 'maximize' },
    space: {
      lr: { type: 'float', low: 1e-5, high: 1e-1, log: true, default: 1e-3 },
      drop: { type: 'float', low: 0, high: 0.9, step: 0.1, prior: { mean: 0.3, sd: 0.2 } },
      units: { type: 'int', low: 16, high: 512, step: 16, default: 64 },
      solver: {
        type: 'categorical',
        choices: ['adam', 'sgd'],
        default: 'adam',
        prior: { weights: [2, 1] },
      },
      momentum: { type: 'float', low: 0, high: 0.99, when: { solver: 'sgd' } },
      nesterov: { type: 'boolean', default: false, when: { momentum: { min: 0.1, max: 0.9 } } },
      batch: { type: 'ordinal', choices: [32, 64, 128], when: { units: [32, 64] } },
      classes: { type: 'constant', value: 10 },
    },
    constraints: ['units <= 409600 * lr + 256', "solver != 'sgd' or lr < 0.05"],
    fidelity: { metric: 'epoch', min: 1, max: 27 },
    sampler: { type: 'tpe', startup: 12, candidates: 30 },
    scheduler: { type: 'asha', eta: 4 },
    budget: { trials: 200, time: '30m', target: 0.995 },
    setup: [['python3', '-m', 'venv', '.venv']],
    command: ['python3', 'train.py', '--lr', '{lr}', ['--momentum', '{momentum}'], 3],
    metrics: { regex: { val_accuracy: 'acc=([0-9.]+)', epoch: 'epoch ([0-9]+)', loss: 'l=(.*)' } },
    keep: ['loss'],
    env: { THREADS: 1, TOKEN: { from: 'env' }, KEY: { from: 'file', name: 'key.txt' } },
    resources: { cpus: 2, gpus: 0.5, memory: '2GiB' },
    engine: { type: 'local', slots: 2 },
    limits: { trial: '10m', silence: '2m', grace: '5s' },
    retries: { crashed: 1 },
    seed: 7,
    reproducible: true,
  };
}

type Path = (string | number)[];

/** Sets the value at a path; undefined removes it. */
function changed(path: Path, value: unknown): Record<string, unknown> {
  const file = structuredClone(validFile());
  let at = file as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1)!;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return file;
}

function errorsOf(raw: unknown) {
  const read = readStudy(raw, context);
  return 'errors' in read ? read.errors : [];
}

/** [path that is changed, its new value (undefined: removed), code, place if it is another one, part of the message] */
type Wrong = [
  path: string,
  value: unknown,
  code: string,
  place?: string | undefined,
  message?: string,
];

const wrong: Wrong[] = [
  ['name', 3, 'input.type'],
  ['name', 'a/b', 'input.value'],
  ['nmae', 'x', 'input.unknown-key', 'nmae', '"name"'],
  ['objective', undefined, 'input.missing'],
  ['objective', 'val_accuracy', 'input.type'],
  ['objective.metric', undefined, 'input.missing'],
  ['objective.metric', '', 'input.value'],
  ['objective.direction', undefined, 'input.missing'],
  ['objective.direction', 'max', 'input.choice', undefined, 'minimize, maximize'],
  ['objective.goal', 1, 'input.unknown-key'],
  ['outcomeConstraints', ['latency < 20'], 'input.value', 'outcomeConstraints[0]', '<= or >='],
  ['outcomeConstraints', ['latency <= fast'], 'input.value', 'outcomeConstraints[0]'],
  ['outcomeConstraints', 'latency <= 20', 'input.type'],
  ['outcomeConstraints', ['epoch <= 20'], 'input.value', 'fidelity.metric'],
  ['function', 'train:objective', 'input.not-yet'],
  ['space', undefined, 'input.missing'],
  ['space', [], 'input.type'],
  ['space', {}, 'input.value'],
  ['space.lr', undefined, 'space.unknown-parameter', 'constraints[0]', '"lr"'],
  ['space.lr', 0.1, 'input.type'],
  ['space.lr.type', undefined, 'input.missing'],
  ['space.lr.type', 'flaot', 'input.choice', undefined, 'float'],
  ['space.lr.type', 7, 'input.type'],
  ['space.lr.low', undefined, 'input.missing'],
  ['space.lr.low', '1e-5', 'input.type', undefined, 'must be a number, got "1e-5"'],
  ['space.lr.low', Infinity, 'input.type'],
  ['space.lr.low', 1, 'input.value', undefined, 'must be below high (0.1), got 1'],
  ['space.lr.low', 0, 'space.log-scale', undefined, 'above 0'],
  ['space.lr.high', undefined, 'input.missing'],
  ['space.lr.high', 1e-5, 'input.value', 'space.lr.low'],
  ['space.lr.high', null, 'input.type'],
  ['space.lr.log', 'yes', 'input.type'],
  ['space.lr.step', 0.1, 'input.value'],
  ['space.lr.default', 1, 'input.value', undefined, 'from 0.00001 to 0.1'],
  ['space.lr.default', 'x', 'input.type'],
  ['space.lr.lo', 0, 'input.unknown-key', undefined, '"low"'],
  ['space.drop.step', 0, 'input.value'],
  ['space.drop.step', 2, 'input.value'],
  ['space.drop.step', 1e-300, 'input.value'],
  ['space.drop.default', 0.35, 'input.value', undefined, 'in steps of 0.1'],
  ['space.drop.low', -1.7e308, 'input.value', 'space.drop.step'],
  ['space.drop.prior', { mean: 2, sd: 1 }, 'input.value', 'space.drop.prior.mean'],
  ['space.drop.prior.sd', 0, 'input.value'],
  ['space.drop.prior.mean', undefined, 'input.missing'],
  ['space.units.low', 1.5, 'input.type', undefined, 'whole number'],
  ['space.units.low', 1000, 'input.value'],
  ['space.units.step', 0.5, 'input.type'],
  ['space.units.default', 20, 'input.value'],
  ['space.solver.choices', undefined, 'input.missing'],
  ['space.solver.choices', [], 'input.value'],
  ['space.solver.choices', 'adam', 'input.type'],
  ['space.solver.choices', ['adam', 'sgd', 'adam'], 'input.value', 'space.solver.choices[2]'],
  ['space.solver.choices', ['adam', ['sgd']], 'input.type', 'space.solver.choices[1]'],
  ['space.solver.default', 'adamw', 'input.value', undefined, 'one of "adam", "sgd"'],
  ['space.solver.prior.weights', [1], 'input.value'],
  ['space.solver.prior.weights', [0, 0], 'input.value'],
  ['space.solver.prior.weights', [1, -1], 'input.value', 'space.solver.prior.weights[1]'],
  ['space.momentum.when', {}, 'input.value'],
  ['space.momentum.when', 'sgd', 'input.type'],
  [
    'space.momentum.when',
    { sovler: 'sgd' },
    'space.unknown-parameter',
    'space.momentum.when.sovler',
  ],
  ['space.momentum.when.solver', 'sdg', 'input.value', undefined, 'one of "adam", "sgd"'],
  ['space.momentum.when.solver', ['sgd', 'x'], 'input.value', 'space.momentum.when.solver[1]'],
  ['space.momentum.when.solver', { min: 2 }, 'input.value'],
  ['space.momentum.when', { nesterov: true }, 'space.cycle', 'space.momentum.when'],
  ['space.momentum.when', { momentum: { min: 0 } }, 'space.cycle', 'space.momentum.when'],
  ['space.nesterov.when.momentum', 0.5, 'input.value', undefined, 'a range such as'],
  [
    'space.nesterov.when.momentum',
    { min: 0.9, max: 0.1 },
    'input.value',
    'space.nesterov.when.momentum.min',
  ],
  ['space.nesterov.when.momentum', { min: 2 }, 'input.value'],
  [
    'space.nesterov.when.momentum',
    { most: 2 },
    'input.unknown-key',
    'space.nesterov.when.momentum.most',
  ],
  ['space.nesterov.default', 'no', 'input.type'],
  ['space.batch.when.units', 33, 'input.value'],
  ['space.batch.when.units', { min: 33, max: 47 }, 'input.value'],
  ['space.classes.value', undefined, 'input.missing'],
  ['space.classes.value', [1], 'input.type'],
  ['space.classes.default', 1, 'input.unknown-key'],
  ['space.params', { type: 'boolean' }, 'input.value'],
  ['space.not', { type: 'boolean' }, 'input.value'],
  ['space.a b', { type: 'boolean' }, 'input.value', 'space["a b"]'],
  ['constraints', 'a < b', 'input.type'],
  ['constraints.0', 3, 'input.type', 'constraints[0]'],
  ['constraints.0', '', 'input.value', 'constraints[0]'],
  ['constraints.0', 'units <=', 'constraint.syntax', 'constraints[0]', 'column 9'],
  ['constraints.0', 'units', 'constraint.type', 'constraints[0]'],
  ['constraints.0', 'solver < 3', 'constraint.type', 'constraints[0]'],
  ['constraints.1', "solver == 'adm'", 'constraint.type', 'constraints[1]', '"adam", "sgd"'],
  ['constraints.1', 'unit < 3', 'space.unknown-parameter', 'constraints[1]', '"units"'],
  ['constraints.1', 'units < 3', 'space.unsatisfiable', 'constraints[1]', 'points were tried'],
  ['fidelity', 27, 'input.type'],
  ['fidelity.metric', undefined, 'input.missing'],
  ['fidelity.metric', 'val_accuracy', 'input.value'],
  ['fidelity.metric', 'step', 'input.missing', 'metrics.regex.step'],
  ['fidelity.min', 0, 'input.value'],
  ['fidelity.min', 30, 'input.value', undefined, 'at most max (27)'],
  ['fidelity.max', undefined, 'input.missing'],
  ['fidelity.max', '27', 'input.type'],
  ['sampler', 'tpee', 'input.choice', undefined, 'tpe'],
  ['sampler', 'gp', 'input.not-yet'],
  ['sampler', 3, 'input.type'],
  ['sampler', 'grid', 'input.value', 'sampler.counts', 'none for lr, momentum'],
  [
    'sampler',
    { type: 'grid', counts: { lrr: 3 } },
    'space.unknown-parameter',
    'sampler.counts.lrr',
  ],
  ['sampler', { type: 'grid', counts: { lr: 0 } }, 'input.value', 'sampler.counts.lr'],
  ['sampler', { type: 'grid', counts: { solver: 2 } }, 'input.value', 'sampler.counts.solver'],
  ['sampler.type', undefined, 'input.missing'],
  ['sampler.type', 'gp', 'input.not-yet'],
  ['sampler.startup', 0, 'input.value'],
  ['sampler.candidates', '24', 'input.type'],
  ['sampler.start', 2, 'input.unknown-key', undefined, '"startup"'],
  ['scheduler', 'ahsa', 'input.choice'],
  ['scheduler', 'hyperband', 'input.not-yet'],
  ['scheduler.eta', 1, 'input.value'],
  ['scheduler', { type: 'median', startup: -1 }, 'input.value', 'scheduler.startup'],
  ['scheduler', { type: 'median', warmup: 28 }, 'input.value', 'scheduler.warmup', 'most the max'],
  ['scheduler', { type: 'median', interval: 0 }, 'input.value', 'scheduler.interval'],
  ['scheduler', { type: 'median', interval: 0.05 }, 'input.value', 'scheduler.interval', '300'],
  ['fidelity', undefined, 'input.value', 'scheduler', 'asha without one'],
  ['budget', 200, 'input.type'],
  ['budget.trials', 0, 'input.value'],
  ['budget.trials', 1.5, 'input.type'],
  ['budget.time', 30, 'input.type', undefined, 'a duration such as'],
  ['budget.time', '30 minutes', 'input.value', undefined, 'a duration such as'],
  ['budget.time', '0s', 'input.value'],
  ['budget.target', 'high', 'input.type'],
  ['budget.trails', 3, 'input.unknown-key', undefined, '"trials"'],
  ['setup', ['pip install x'], 'input.type', 'setup[0]'],
  ['setup', [[]], 'input.value', 'setup[0]'],
  ['setup', [[['pip']]], 'input.type', 'setup[0][0]'],
  ['command', undefined, 'input.missing'],
  ['command', [], 'input.value'],
  ['command', '  ', 'input.value'],
  ['command', 7, 'input.type'],
  ['command', ['', 'x'], 'input.value', 'command[0]'],
  ['command', [['python3'], 'x'], 'input.value', 'command[0]'],
  ['command', ['a', null], 'input.type', 'command[1]'],
  ['command.3', '{rl}', 'space.unknown-parameter', 'command[3]', '"lr"'],
  ['command.4', '{momentum}', 'command.conditional', 'command[4]'],
  ['command.4', ['-x', '{momentun}'], 'space.unknown-parameter', 'command[4][1]'],
  ['command.3', '--all={params}', 'input.value', 'command[3]'],
  ['command', 'train {learning}', 'space.unknown-parameter'],
  ['comand', 'train', 'input.unknown-key', undefined, '"command"'],
  ['metrics', 'json', 'input.choice'],
  ['metrics', {}, 'input.value'],
  ['metrics', { regexp: {} }, 'input.unknown-key', 'metrics.regexp', '"regex"'],
  ['metrics', { file: '' }, 'input.value', 'metrics.file'],
  ['metrics.regex', {}, 'input.value'],
  ['metrics.regex.loss', '(', 'input.value', undefined, 'regular expression'],
  ['metrics.regex.loss', 'l=.*', 'input.value', undefined, 'group'],
  ['metrics.regex.val_accuracy', undefined, 'input.missing'],
  ['metrics.regex.epoch', undefined, 'input.missing'],
  ['keep', 'loss', 'input.type'],
  ['keep', ['loss', 'loss'], 'input.value', 'keep[1]'],
  ['keep', ['lss'], 'input.missing', 'metrics.regex.lss'],
  ['env', ['A=1'], 'input.type'],
  ['env.A-B', 'x', 'input.value'],
  ['env.THREADS', null, 'input.type'],
  ['env.TOKEN.from', 'vault', 'input.choice'],
  ['env.TOKEN.from', 'file', 'input.missing', 'env.TOKEN.name'],
  ['resources.cpus', 0, 'input.value'],
  ['resources.gpus', -1, 'input.value'],
  ['resources.memory', 2, 'input.type'],
  ['resources.memory', '2 bytes', 'input.value'],
  ['engine', 'slurm', 'input.not-yet'],
  ['engine.type', 'slurm', 'input.not-yet'],
  ['engine.type', undefined, 'input.missing'],
  ['engine.slots', 0, 'input.value'],
  ['limits', 3, 'input.type'],
  ['limits.trial', '10', 'input.value'],
  ['limits.silence', '0s', 'input.value'],
  ['limits.grace', 'now', 'input.value'],
  ['limits.time', '1h', 'input.unknown-key'],
  ['retries', -1, 'input.value'],
  ['retries', 'two', 'input.type'],
  ['retries.crashed', 1.5, 'input.type'],
  ['retries.lost', 1, 'input.unknown-key'],
  ['retries.timed-out', -1, 'input.value'],
  ['invalidMetric', 'ignore', 'input.choice'],
  ['seed', -1, 'input.value'],
  ['seed', 'x', 'input.type'],
  ['reproducible', 'no', 'input.type'],
];

describe('readStudy', () => {
  test('a file with every key is valid', () => {
    expect(errorsOf(validFile())).toEqual([]);
  });

  test.each(wrong)('%s: %j is one error, %s', (path, value, code, place, message) => {
    const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const errors = errorsOf(changed(keys, value));
    expect(errors.map((error) => [error.code, error.place])).toEqual([[code, place ?? path]]);
    expect(errors[0]!.message).toContain(message ?? '');
    expect(errors[0]!.remedy).not.toBe('');
  });

  test('the table above has every key of the valid file', () => {
    const paths = wrong.map(([path, , , place]) => `${path} ${place ?? ''}`);
    for (const key of Object.keys(validFile())) {
      expect(
        paths.some((path) => path.includes(key)),
        key,
      ).toBe(true);
    }
  });

  test.each([undefined, null, [], 'text', 3])('%j is no study file', (raw) => {
    expect(errorsOf(raw)).toMatchObject([{ code: 'input.type', place: 'study file' }]);
  });

  test('several mistakes are told together', () => {
    const file = { ...validFile(), seed: -1, retries: 'x', sampler: 'tp' };
    expect(
      errorsOf(file)
        .map(({ place }) => place)
        .sort(),
    ).toEqual(['retries', 'sampler', 'seed']);
  });

  test('one wrong parameter hides neither what is wrong with another nor a cycle', () => {
    const file = changed(['space', 'lr', 'low'], 'small');
    const space = file.space as Record<string, Record<string, unknown>>;
    space.units!.low = 600;
    space.momentum!.when = { nesterov: true };
    expect(errorsOf(file).map(({ code, place }) => `${code} ${place}`)).toEqual([
      'input.type space.lr.low',
      'input.value space.units.low',
      'space.cycle space.momentum.when',
    ]);
  });

  test('a renamed parameter is told once, though many places use it', () => {
    const file = changed(['space', 'lr'], undefined);
    (file.space as Record<string, unknown>).rate = { type: 'float', low: 0, high: 1 };
    expect(errorsOf(file)).toMatchObject([{ code: 'space.unknown-parameter' }]);
  });

  test('constraints that only together are impossible are told together', () => {
    const file = changed(['constraints'], ['units < 100', 'units > 200']);
    expect(errorsOf(file)).toMatchObject([{ code: 'space.unsatisfiable', place: 'constraints' }]);
  });

  test('the name is missing when neither file nor context has one', () => {
    const { name: _, ...nameless } = validFile();
    const read = readStudy(nameless, { cwd: '/', seed: 1 });
    expect(read).toMatchObject({ errors: [{ code: 'input.missing', place: 'name' }] });
  });

  test('functions and ask/tell need no command', () => {
    const { command: _, ...library } = validFile();
    const read = readStudy(library, { ...context, withoutCommand: true });
    expect(read).toMatchObject({ spec: { name: 'digits-mlp' } });
    expect('spec' in read && 'command' in read.spec).toBe(false);
  });

  test('does not change what it reads', () => {
    const file = validFile();
    readStudy(file, context);
    expect(file).toEqual(validFile());
  });
});
