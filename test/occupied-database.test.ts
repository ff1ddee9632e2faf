// A database with a living owner: another run is refused and told by whom; readers work, and changes go to the owner.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareCommand, runCommand, startCommand, until, type Started } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

let folder: string;
let owner: Started;

beforeAll(async () => {
  prepareCommand();
  folder = newFolder('occupied');
  writeFileSync(join(folder, 'study.yaml'), study('mine'));
  writeFileSync(join(folder, 'other.yaml'), study('other'));
  owner = startCommand(['run', 'study.yaml', '--json'], folder);
  await until('the first trial runs', () => existsSync(join(folder, 'started')));
}, 120_000);
afterAll(() => {
  owner.process.kill('SIGKILL');
  closeFolder(folder);
});

/** Its trials wait for a file. */
const study = (name: string): string => `
name: ${name}
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
command: "touch started; while [ ! -e go ]; do sleep 0.02; done; echo '{\\"loss\\": {x}}'"
budget: { trials: 3 }
`;

it.each(['study.yaml', 'other.yaml', 'mine'])(
  'run %s is refused, and told who runs',
  async (name) => {
    const { code, stdout, stderr } = await runCommand(['run', name], folder, { NO_COLOR: '1' });
    expect([stdout, code]).toEqual(['', 3]);
    const [first, remedy, last] = stderr.split('\n');
    expect(first).toContain(`is in use by process ${owner.process.pid} on `);
    expect(first).toMatch(/which serves http:\/\/127\.0\.0\.1:\d+/);
    expect(remedy).toContain('wait for its end');
    expect(last).toBe('  [store.owned]');
  },
);

it('study delete is refused as well', async () => {
  const { code, stderr } = await runCommand(['study', 'delete', 'mine', '--yes', '--json'], folder);
  expect(code).toBe(2);
  expect(JSON.parse(stderr)).toMatchObject({ errors: [{ code: 'study.running' }] });
});

it.each([
  [['study', 'list'], 'mine'],
  [['study', 'show', 'study.yaml'], 'running'],
  [['trial', 'list', 'study.yaml'], 'running'],
  [['trial', 'show', 'mine', '0'], 'trial 0: running'],
  [['study', 'export', 'mine', '--format', 'csv'], 'running'],
  [['replay', 'mine'], 'equal'],
  [['check', 'study.yaml'], 'is valid'],
])('%j reads meanwhile', async (args, words) => {
  const { code, stdout, stderr } = await runCommand(args, folder);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(words);
});

it('the owner takes what others ask for, and goes on to its end as if alone', async () => {
  const enqueue = ['trial', 'enqueue', 'study.yaml'];
  const bad = await runCommand([...enqueue, 'x=2'], folder, { NO_COLOR: '1' });
  expect(bad).toMatchObject({ code: 2, stdout: '' });
  expect(bad.stderr).toMatch(
    /^params\.x: must be .* from 0 to 1, got 2\n.*\n {2}\[params\.value\]\n$/,
  );
  expect(await runCommand([...enqueue, 'x=0.125'], folder)).toMatchObject({ code: 0, stderr: '' });
  const queued = await runCommand(['trial', 'show', 'mine', '1', '--json'], folder);
  expect(JSON.parse(queued.stdout)).toMatchObject({ waiting: { code: 'in-line' } });
  writeFileSync(join(folder, 'go'), '');
  const run = await owner.finished;
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const trials = await runCommand(['study', 'export', 'mine', '--format', 'json'], folder);
  const parsed = JSON.parse(trials.stdout) as { trials: object[] };
  expect(parsed.trials).toHaveLength(3);
  expect(parsed.trials).toContainEqual(
    expect.objectContaining({ sampler: 'user', value: 0.125, state: 'completed' }),
  );
});

it('once the owner has left the database is free', async () => {
  expect(await runCommand(['run', 'other.yaml'], folder)).toMatchObject({ code: 0, stderr: '' });
  const deleted = await runCommand(['study', 'delete', 'mine', '--yes'], folder);
  expect(deleted).toMatchObject({ code: 0, stderr: '' });
});
