import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../testing/run-command.ts';

const digits = `
name: digits-mlp
objective: { metric: val_accuracy, direction: maximize }
space:
  lr:       { type: float, low: 1e-5, high: 1e-1, log: true, default: 1e-3 }
  units:    { type: int, low: 16, high: 512, log: true }
  solver:   { type: categorical, choices: [adam, sgd] }
  momentum: { type: float, low: 0, high: 0.99, when: { solver: sgd } }
constraints: ["units <= 4096 * lr + 256"]
fidelity: { metric: epoch, min: 1, max: 27 }
scheduler: asha
budget: { trials: 200, time: 30m, target: 0.995 }
command: [python3, train.py, --lr, "{lr}", --units, "{units}", [--momentum, "{momentum}"]]
`;
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'fleetune check '));
});
afterAll(() => rmSync(cwd, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(cwd, name), text);
  return name;
}

test('a valid study prints what it would run, the same every time', async () => {
  const file = write('digits.yaml', digits);
  const { exitCode, out, err } = await runCommand(['check', file], { cwd });
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(out).toContain('digits.yaml is valid: study digits-mlp');
  expect(out).toContain('4 parameters, continuous');
  expect(out).toMatch(/constraints {2}\d+(\.\d)? % of random params/);
  expect(out).toMatch(/EPOCH {2}TRIALS\n +1 +200\n +3 +67\n +9 +23\n +27 +8\n/);
  expect(
    out.match(
      /^ {2}FLEETUNE_PARAMS='.*' python3 train\.py --lr \S+ --units \d+( --momentum \S+)?$/gm,
    ),
  ).toHaveLength(3);
  expect(out).toContain('Not in the command: solver reaches it as FLEETUNE_PARAMS only.');
  expect((await runCommand(['check', file], { cwd })).out).toBe(out);
});

test('a grid says how many combinations it has', async () => {
  const grid = 'sampler: { type: grid, counts: { lr: 5, units: 4, momentum: 3 } }\n';
  const file = write('grid.yaml', digits.replace(/constraints.*\n/, grid));
  const { out } = await runCommand(['check', file], { cwd });
  expect(out).toContain(`  sampler      grid, ${5 * 4 * (1 + 3)} combinations\n`);
});

test('--json prints the spec with every default filled in', async () => {
  const { exitCode, out } = await runCommand(['check', write('d.yaml', digits), '--json'], { cwd });
  expect(exitCode).toBe(0);
  const checked = JSON.parse(out) as { spec: { cwd: string }; samples: unknown[]; size: unknown };
  expect(checked.spec.cwd).toBe(cwd);
  expect(checked.size).toBe('Infinity');
  expect(checked.samples).toHaveLength(3);
});

test('the commands are for a shell in the current folder', async () => {
  mkdirSync(join(cwd, "it's here"));
  const file = write("it's here/d.yaml", digits);
  const { out } = await runCommand(['check', file], { cwd });
  expect(out).toContain(String.raw`  cd 'it'\''s here' && FLEETUNE_PARAMS=`);
});

test('every mistake is named with its place in the data and in the file', async () => {
  const broken = digits.replace('low: 1e-5', 'low: tiny').replace('{ type: int,', '{ type: it,');
  const before = readdirSync(cwd);
  const { exitCode, err } = await runCommand(['check', write('d.yaml', broken)], { cwd });
  expect(exitCode).toBe(2);
  expect(err).toContain('space.lr.low: must be');
  expect(err).toContain('at d.yaml:5:');
  expect(err).toContain('space.units.type');
  expect(err).toContain('at d.yaml:6:');
  expect(readdirSync(cwd).toSorted()).toEqual(before.toSorted());
});

test('a JSON file works as well, and the name of a study without one is that of its file', async () => {
  const study = {
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'categorical', choices: ['a', 'b'] } },
    command: ['true', '{x}'],
    budget: { trials: 2 },
  };
  const { exitCode, out } = await runCommand(['check', write('my.json', JSON.stringify(study))], {
    cwd,
  });
  expect(exitCode).toBe(0);
  expect(out).toContain('study my');
  expect(out).toContain('2 sets of params');
});

test('a file that is no text, or a folder, is refused', async () => {
  writeFileSync(join(cwd, 'binary.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
  const binary = await runCommand(['check', 'binary.yaml'], { cwd });
  expect(binary).toMatchObject({ exitCode: 2, out: '' });
  expect(binary.err).toContain('binary.yaml: cannot be read: it is not UTF-8 text');
  mkdirSync(join(cwd, 'folder.yaml'));
  expect((await runCommand(['check', 'folder.yaml'], { cwd })).exitCode).toBe(2);
});
