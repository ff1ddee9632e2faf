import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCommandLine } from '../program.ts';
import { fakeConsole } from '../testing/fake-console.ts';
import { runCommand } from '../testing/run-command.ts';

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'fleetune run '));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const limit = { timeout: 20_000, interval: 20 };

function writeStudy(name: string, script: string, rest: object = {}): string {
  const study = {
    name,
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1, default: 0.5 } },
    budget: { trials: 3 },
    command: ['sh', '-c', script],
    ...rest,
  };
  writeFileSync(join(cwd, `${name}.yaml`), JSON.stringify(study));
  return `${name}.yaml`;
}

test('a study runs to its budget, and running it again prints the result again', async () => {
  const file = writeStudy('short', `echo '{"loss": {x}}'`);
  const first = await runCommand(['run', file], { cwd });
  expect({ exitCode: first.exitCode, err: first.err }).toEqual({ exitCode: 0, err: '' });
  expect(first.out).toContain('trial 0 completed: loss 0.5');
  expect(first.out).toContain('Defaults      loss 0.5, trial 0');
  expect(first.out).toMatch(/Train the incumbent again:\n {2}sh -c '.*'\n/);
  const again = await runCommand(['run', file], { cwd });
  expect(again.exitCode).toBe(0);
  expect(again.out).not.toContain('trial 0 completed');
  const summary = first.out.slice(first.out.indexOf('short ended'));
  expect(again.out).toBe(summary);
});

test('the lines to copy quote a path with blanks in it', async () => {
  const file = writeStudy('quoted', `echo '{"loss": {x}}'`);
  renameSync(join(cwd, file), join(cwd, 'my study.yaml'));
  const { out } = await runCommand(['run', 'my study.yaml', '--db', 'my runs.db'], { cwd });
  expect(out).toContain("trial list 'my study.yaml' --db 'my runs.db'\n");
});

test('a study that a name stands for goes on with a larger budget', async () => {
  const file = writeStudy('larger', `echo '{"loss": {x}}'`);
  await runCommand(['run', file], { cwd });
  const more = await runCommand(['run', 'larger', '--trials', '5', '--json'], { cwd });
  expect(more.exitCode).toBe(0);
  const last = JSON.parse(more.out.trimEnd().split('\n').at(-1)!) as object;
  expect(last).toMatchObject({ kind: 'result', exitCode: 0, status: { trialsUsed: 5 } });
});

test('as JSON it prints every event of the run, from what its opening wrote to its end', async () => {
  const file = writeStudy('events', `echo '{"loss": {x}}'`);
  const eventsOf = async (...more: string[]) => {
    const { out } = await runCommand(['run', file, ...more, '--json'], { cwd });
    const lines = out.trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as { id?: number; kind: string }).slice(0, -1);
  };
  const first = await eventsOf();
  expect(first.map(({ id }) => id)).toEqual(first.map((_, index) => index + 1));
  expect([first[0]?.kind, first.at(-1)?.kind]).toEqual(['study-created', 'run-ended']);
  const more = await eventsOf('--trials', '4');
  expect(more.map(({ id }) => id)).toEqual(more.map((_, index) => first.length + index + 1));
  expect(more[0]?.kind).toBe('spec-changed');
});

test('a study without a file is named by its space, objective and command', async () => {
  const argv = ['run', '--param', 'x=0..1', '--minimize', 'loss', '--trials', '2'];
  const command = ['--', 'sh', '-c', `echo '{"loss": {x}}'`];
  const { exitCode, out } = await runCommand([...argv, ...command], { cwd });
  expect(exitCode).toBe(0);
  const [, name] = /^study (adhoc-[0-9a-f]{8}) in fleetune\.db\n/.exec(out)!;
  const again = await runCommand([...argv, ...command], { cwd });
  expect(again.out).toContain(`study ${name} in`);
  const other = await runCommand([...argv, '--param', 'y=a,b', ...command], { cwd });
  expect(other.out).not.toContain(name);
});

test('the first Ctrl-C drains, and says so', async () => {
  const file = writeStudy('endless', `echo '{"loss": {x}}'; exec sleep 600`);
  const console = fakeConsole({ cwd });
  const exitCode = runCommandLine(['run', file, '--json'], console, '1.2.3');
  await vi.waitFor(() => expect(console.out()).toContain('"kind":"reports"'), limit);
  console.signal('SIGINT');
  expect(await exitCode).toBe(130);
  expect(console.out()).toContain('"kind":"notice","text":"Ctrl-C: draining');
  expect(console.out()).toContain('"end":"drained"');
});

test('a second Ctrl-C ends a program that ignores the first', async () => {
  const script = `trap '' TERM; echo '{"loss": {x}}'; while :; do sleep 600; done`;
  const file = writeStudy('stubborn', script, { limits: { grace: '10m' } });
  const console = fakeConsole({ cwd });
  const exitCode = runCommandLine(['run', file, '--json'], console, '1.2.3');
  await vi.waitFor(() => expect(console.out()).toContain('"kind":"reports"'), limit);
  console.signal('SIGTERM');
  console.signal('SIGTERM');
  console.signal('SIGINT');
  expect(await exitCode).toBe(130);
  expect(console.out()).toContain('Ctrl-C again: ending now.');
});
