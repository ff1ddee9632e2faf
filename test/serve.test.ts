// A coordinator and workers as processes of their own: they come, go and are killed, and no result is lost or doubled.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sqliteStore } from '@fleetune/coordinator/store';
import { FleetuneError, type StudyEvent } from '@fleetune/core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prepareCommand, runCommand, startCommand, until, type Started } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

let folder: string;
let started: Started[];
beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = newFolder('serve');
  started = [];
});
afterEach(async () => {
  for (const { process } of started) process.kill('SIGKILL');
  await Promise.all(started.map(({ finished }) => finished));
  closeFolder(folder);
});

const TRIALS = 60;
const EPOCHS = 5;

it(
  'a killed coordinator and a killed worker lose nothing, double nothing, and who watches sees it all',
  { timeout: 120_000 },
  async () => {
    const first = await serve();
    const workers = [worker(first.url, 'one'), worker(first.url, 'two')];
    writeStudy('cluster', quick, { trials: TRIALS });
    const watching = start(['run', 'study.yaml', '--on', first.url, '--json']);
    await until('a tenth of the trials', () => ended('cluster') > TRIALS / 10);
    first.process.process.kill('SIGKILL');
    await first.process.finished;
    const second = await serve(new URL(first.url).port);
    expect(second.resumed).toEqual(['cluster']);
    await until('it goes on', () => ended('cluster') > TRIALS / 3);
    const soFar = eventsOf('cluster').filter(({ kind }) => kind === 'attempt-ended');
    expect(soFar.map((event) => 'end' in event && event.end)).not.toContain('lost');
    workers[0]!.process.kill('SIGKILL');
    const { code, stdout, stderr } = await watching.finished;
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StudyEvent);
    expect(lines.filter(({ id }) => id !== undefined)).toEqual(eventsOf('cluster'));
    expect(lines.at(-1)).toMatchObject({ kind: 'result', exitCode: 0, on: first.url });
    checkLog('cluster');
    expect(await runCommand(['replay', 'cluster'], folder)).toMatchObject({ code: 0 });
    second.process.process.kill('SIGTERM');
    expect(await second.process.finished).toMatchObject({ code: 0, stderr: '' });
  },
);

it('a worker leaves in order by a signal and by a command; its trials wait for others', async () => {
  const { url } = await serve();
  writeStudy('waiting', patient, { trials: 2 });
  expect(await runOn(['submit', 'study.yaml'], url)).toMatchObject({ code: 0, stderr: '' });
  const one = worker(url, 'one');
  await until('both run', () => liveOn('waiting', 'one') === 2);
  one.process.kill('SIGUSR1');
  const left = await one.finished;
  expect([left.code, left.stderr]).toEqual([0, '']);
  expect(left.stdout).toContain('worker one has left');
  const two = worker(url, 'two');
  await until('both run again', () => liveOn('waiting', 'two') === 2);
  const drained = await runOn(['worker', 'drain', 'two', '--reason', 'tea'], url);
  expect(drained).toMatchObject({ code: 0, stderr: '' });
  expect(await two.finished).toMatchObject({ code: 0, stderr: '' });
  const ends = eventsOf('waiting').flatMap((e) => (e.kind === 'attempt-ended' ? [e.end] : []));
  expect(ends).toEqual(['preempted', 'preempted', 'preempted', 'preempted']);
  worker(url, 'three');
  writeFileSync(join(folder, 'go'), '');
  await until('the end', () => ended('waiting') === 2);
});

it('who stops watching leaves the study running; it is found again by its name, and stopped', async () => {
  const { url } = await serve();
  worker(url, 'one');
  writeStudy('watched', patient, { trials: 2 });
  const watching = start(['run', 'study.yaml', '--on', url]);
  let seen = '';
  watching.onLine((line) => (seen += line));
  await until('it is watched', () => seen.includes('watched') && liveOn('watched', 'one') === 2);
  watching.process.kill('SIGINT');
  const { code, stdout } = await watching.finished;
  expect(code).toBe(130);
  expect(stdout).toContain(`Ctrl-C: watched goes on without us on ${url}`);
  expect(stdout).toContain(`fleetune study stop study.yaml --on ${url}`);
  const again = start(['run', 'watched', '--on', url, '--json']);
  const stop = await runOn(['study', 'stop', 'watched', '--reason', 'seen enough'], url);
  expect(stop).toMatchObject({ code: 0, stderr: '' });
  const end = await again.finished;
  expect([end.code, end.stderr]).toEqual([1, '']);
  expect(JSON.parse(end.stdout.trim().split('\n').at(-1)!)).toMatchObject({
    kind: 'result',
    end: 'stopped',
    status: { end: { reason: { text: 'seen enough' } } },
  });
});

it('reading commands say the same of a coordinator as of its database', async () => {
  const { url } = await serve();
  worker(url, 'one');
  writeStudy('read', quick, { trials: 4 });
  expect(await runOn(['run', 'study.yaml'], url)).toMatchObject({ code: 0, stderr: '' });
  for (const command of [
    ['study', 'list'],
    ['study', 'show', 'read'],
    ['study', 'export', 'study.yaml'],
    ['trial', 'list', 'read', '--best', '2'],
    ['trial', 'show', 'read', '3'],
    ['utilization'],
  ]) {
    const there = await runOn(command, url);
    expect(there).toMatchObject({ code: 0, stderr: '' });
    expect(there.stdout, command.join(' ')).toBe((await runCommand(command, folder)).stdout);
  }
  const place = ['--on', url, '--token-file', 'fleetune.token'];
  const list = await runCommand(['worker', 'list', '--json', ...place], folder);
  expect(JSON.parse(list.stdout)).toMatchObject([{ worker: 'one', state: 'active' }]);
});

describe('live control of a study that runs', () => {
  it('pauses, edits, resumes and cancels through whoever owns the database', async () => {
    writeStudy('edited', patient, { trials: 3 });
    const run = start(['run', 'study.yaml', '--slots', '2', '--json']);
    await until('two run', () => liveOf('edited').length === 2);
    const control = async (...args: string[]) => {
      const done = await runCommand([...args, '--json'], folder);
      expect(done).toMatchObject({ code: 0, stderr: '' });
      return JSON.parse(done.stdout) as object;
    };
    await control('study', 'pause', 'edited', '--reason', 'lunch');
    expect(await control('study', 'show', 'edited')).toMatchObject({
      paused: { reason: { text: 'lunch' } },
    });
    writeStudy('edited', patient, { trials: 4 });
    expect(await control('study', 'edit', 'study.yaml')).toEqual({
      study: 'edited',
      changes: ['budget.trials: 3 → 4'],
    });
    await control('study', 'resume', 'edited');
    await control('trial', 'cancel', 'edited', '0');
    await until('the next one has its slot', () => liveOf('edited').includes(2));
    await control('trial', 'drain', 'edited', '1');
    await until('it runs again', () => attemptsOf('edited', 1) === 2);
    writeFileSync(join(folder, 'go'), '');
    expect(await run.finished).toMatchObject({ code: 0, stderr: '' });
    await control('trial', 'correct', 'edited', '1', '-2', '--reason', 'a slip');
    await control('trial', 'discard', 'edited', '2');
    expect(await control('study', 'show', 'edited')).toMatchObject({
      incumbent: { trial: 1, value: -2 },
      trials: { completed: 3, cancelled: 2 },
    });
    const { stdout } = await runCommand(['trial', 'show', 'edited', '1'], folder);
    expect(stdout).toContain('a slip');
  });

  it('a study that was paused goes on when it is run again', async () => {
    writeStudy('resumed', patient, { trials: 1 });
    const run = start(['run', 'study.yaml']);
    await until('it runs', () => liveOf('resumed').length === 1);
    const paused = await runCommand(['study', 'pause', 'resumed'], folder);
    expect(paused).toMatchObject({ code: 0, stderr: '' });
    run.process.kill('SIGINT');
    expect(await run.finished).toMatchObject({ code: 130 });
    writeFileSync(join(folder, 'go'), '');
    expect(await runCommand(['run', 'resumed'], folder)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('is refused in words that help', () => {
  it.each([[['worker', '--url']], [['submit', 'study.yaml', '--on']], [['study', 'list', '--on']]])(
    'a wrong token: %j',
    async (args) => {
      const { url } = await serve();
      writeStudy('refused', quick, { trials: 1 });
      const refused = await runCommand([...args, url], folder, { FLEETUNE_TOKEN: 'not-the-token' });
      expect([refused.code, refused.stdout.includes('is running')]).toEqual([2, false]);
      expect(refused.stderr).toContain('the token is missing or wrong');
      expect(refused.stderr).toContain('--token-file');
    },
  );

  it('another version of the protocol', async () => {
    const info = { code: 'worker.protocol', place: 'protocol', retryable: false, data: {} };
    const other = createServer((_, response) => {
      response.statusCode = 409;
      const words = { message: 'this coordinator speaks protocol 7', remedy: 'Update.' };
      response.end(JSON.stringify({ ...info, ...words }));
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refused = await runCommand(['worker', '--url', `http://127.0.0.1:${port}`], folder, {
      FLEETUNE_TOKEN: 'any',
    });
    other.close();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('speaks protocol 7');
  });

  it('a coordinator that is not there, once the death time-out is over', async () => {
    const args = ['worker', '--url', 'http://127.0.0.1:9', '--death-timeout', '1s'];
    const gone = await runCommand(args, folder, { FLEETUNE_TOKEN: 'any' });
    expect(gone.code).toBe(3);
    expect(gone.stderr).toContain('the coordinator has not answered for too long');
  });

  it('a second owner of the database', async () => {
    await serve();
    const refused = await runCommand(['serve', '--port', '0'], folder);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('is in use by process');
  });
});

it('the token is made once, for its owner alone, and never printed', async () => {
  const { process, url } = await serve();
  const file = join(folder, 'fleetune.token');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const token = readFileSync(file, 'utf8').trim();
  process.process.kill('SIGTERM');
  const { code, stdout, stderr } = await process.finished;
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(token);
  await serve(new URL(url).port);
  expect(readFileSync(file, 'utf8').trim()).toBe(token);
});

const quick = `for epoch in ${Array.from({ length: EPOCHS }, (_, i) => i + 1).join(' ')}; do
  echo "{\\"epoch\\": $epoch, \\"loss\\": $1}"
  sleep 0.03
done`;

/** Waits for a file, and gives way politely. */
const patient = `trap 'exit 1' TERM
while [ ! -e go ]; do sleep 0.05; done
for epoch in 1 2 3 4 5; do echo "{\\"epoch\\": $epoch, \\"loss\\": $1}"; done`;

function writeStudy(name: string, program: string, { trials }: { trials: number }): void {
  const study = `
name: ${name}
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
fidelity: { metric: epoch, min: 1, max: ${EPOCHS} }
scheduler: fifo
budget: { trials: ${trials} }
command: [sh, -c, ${JSON.stringify(program)}, sh, "{x}"]
seed: 1
`;
  writeFileSync(join(folder, 'study.yaml'), study);
}

function start(args: readonly string[]): Started {
  const token = join(folder, 'fleetune.token');
  const command = startCommand(args, folder, { FLEETUNE_TOKEN: readIfThere(token) });
  started.push(command);
  return command;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

interface Serving {
  process: Started;
  url: string;
  resumed: string[];
}

async function serve(port = '0'): Promise<Serving> {
  const process = start(['serve', '--port', port, '--json']);
  let listening: { url: string; resumed: string[] } | undefined;
  let over = false;
  process.onLine((line) => (listening ??= JSON.parse(line) as typeof listening));
  void process.finished.then(() => (over = true));
  await until('it listens', () => listening !== undefined || over);
  if (listening === undefined) throw new Error((await process.finished).stderr);
  return { process, ...listening };
}

function worker(url: string, name: string): Started {
  return start(['worker', '--url', url, '--slots', '2', '--name', name]);
}

function runOn(args: readonly string[], url: string) {
  return start([...args, '--on', url]).finished;
}

function eventsOf(name: string): StudyEvent[] {
  try {
    const store = sqliteStore(join(folder, 'fleetune.db'), { readOnly: true });
    const row = store.study(name);
    const events = row === undefined ? [] : [...store.events(row.id, 0)];
    void store.close();
    return events;
  } catch (error) {
    if (error instanceof FleetuneError && error.code === 'store.not-found') return [];
    throw error;
  }
}

function ended(name: string): number {
  return eventsOf(name).filter(({ kind }) => kind === 'trial-ended').length;
}

function liveOf(name: string): number[] {
  const live = new Set<number>();
  for (const event of eventsOf(name)) {
    if (event.kind === 'attempt-started') live.add(event.trial);
    if (event.kind === 'attempt-ended') live.delete(event.trial);
  }
  return [...live];
}

function liveOn(name: string, worker: string): number {
  const live = new Set(liveOf(name));
  const last = new Map<number, string>();
  for (const event of eventsOf(name)) {
    if (event.kind === 'attempt-started') last.set(event.trial, event.worker);
  }
  return [...last].filter(([trial, by]) => live.has(trial) && by === worker).length;
}

function attemptsOf(name: string, trial: number): number {
  const begun = eventsOf(name).filter((e) => e.kind === 'attempt-started' && e.trial === trial);
  return begun.length;
}

/** Every trial ended once, every attempt once, and a completed one has all its reports in order. */
function checkLog(name: string): void {
  const events = eventsOf(name);
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  const steps = new Map<string, number[]>();
  const trials: number[] = [];
  for (const event of events) {
    if (event.kind === 'attempt-started') steps.set(`${event.trial}/${event.attempt}`, []);
    else if (event.kind === 'reports') {
      for (const { trial, attempt, columns } of event.items) {
        steps.get(`${trial}/${attempt}`)!.push(...columns.step.map(Number));
      }
    } else if (event.kind === 'attempt-ended' && event.end === 'completed') {
      expect(steps.get(`${event.trial}/${event.attempt}`)).toEqual([1, 2, 3, 4, 5]);
    } else if (event.kind === 'trial-ended') trials.push(event.trial);
  }
  expect(trials.toSorted((a, b) => a - b)).toEqual(Array.from({ length: TRIALS }, (_, i) => i));
}
