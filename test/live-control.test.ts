// Everything that people do to a study while it runs, through the commands, at a real coordinator with real workers.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StudyEvent } from '@fleetune/core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventsIn, newCluster, type Cluster } from './cluster.ts';
import { prepareCommand, until } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';

let folder: string;
let cluster: Cluster;
let url: string;
beforeAll(prepareCommand, 120_000);
beforeEach(async () => {
  folder = newFolder('control');
  cluster = newCluster(folder);
  ({ url } = await cluster.serve());
});
afterEach(async () => {
  await cluster.close();
  closeFolder(folder);
});

it('trials are paused, resumed, stopped and tried again; their states say so', async () => {
  cluster.worker(url, 'one');
  writeStudy({ trials: 3 });
  await control('submit', 'study.yaml');
  await until('two run', () => live().length === 2);
  await control('trial', 'pause', 'control', '0', '--reason', 'not now');
  await until('the third has its slot', () => live().includes(2));
  expect(await states()).toMatchObject({ paused: 1 });
  expect(await control('trial', 'show', 'control', '0')).toMatchObject({
    state: 'paused',
    waiting: { code: 'paused' },
  });
  await control('trial', 'stop', 'control', '1', '--reason', 'bad');
  await until('it has ended', () =>
    events().some((e) => e.kind === 'trial-ended' && e.trial === 1),
  );
  await control('trial', 'resume', 'control', '0');
  await until('it runs again', () => live().includes(0));
  await control('trial', 'retry', 'control', '1');
  writeFileSync(join(folder, 'go'), '');
  await until('the end', () => events().some(({ kind }) => kind === 'run-ended'));
  expect(await states()).toMatchObject({ completed: 3 });
  const shown = await control('trial', 'show', 'control', '0');
  expect(JSON.stringify(shown)).toContain('not now');
});

it('a paused worker gets nothing new until it is resumed; a drained study starts nothing more', async () => {
  cluster.worker(url, 'one');
  writeStudy({ trials: 40, wait: false });
  await control('submit', 'study.yaml');
  await until('it works', () => ended() > 2);
  await control('worker', 'pause', 'one', '--reason', 'a talk');
  await until('it has nothing to do', () => live().length === 0);
  const paused = ended();
  expect(paused).toBeLessThan(40);
  expect(await control('worker', 'list')).toMatchObject([{ worker: 'one', state: 'paused' }]);
  await control('worker', 'resume', 'one');
  await until('it works again', () => ended() > paused + 2);
  await control('study', 'drain', 'control');
  await until('nothing runs', () => live().length === 0);
  expect(ended()).toBeLessThan(40);
});

it('a space that is widened and gets a new parameter is searched from the next suggestion on', async () => {
  cluster.worker(url, 'one');
  writeStudy({ trials: 400, wait: false });
  await control('submit', 'study.yaml');
  await until('it works', () => ended() > 5);
  writeStudy({
    trials: 400,
    wait: false,
    space: `{ x: { type: float, low: 5, high: 6 }, act: { type: categorical, choices: [a, b], default: a } }`,
  });
  await control('study', 'edit', 'study.yaml');
  const edit = events().find(({ kind }) => kind === 'spec-changed')!.id;
  const created = () => events().filter((e) => e.kind === 'trial-created' && e.id > edit);
  await until('new suggestions', () => created().length > 5);
  await control('study', 'stop', 'control');
  for (const event of created().slice(4)) {
    const { params } = event as Extract<StudyEvent, { kind: 'trial-created' }>;
    expect(params).toEqual({ x: expect.any(Number), act: expect.stringMatching(/^[ab]$/) });
    expect(params['x']).toBeGreaterThanOrEqual(5);
  }
});

interface Given {
  trials: number;
  /** For the file `go`; gives way politely. */
  wait?: boolean;
  space?: string;
}

function writeStudy({
  trials,
  wait = true,
  space = '{ x: { type: float, low: 0, high: 1 } }',
}: Given) {
  const waits = `trap 'exit 1' TERM\nwhile [ ! -e go ]; do sleep 0.05; done\n`;
  const program = `${wait ? waits : 'sleep 0.1\n'}echo "{\\"loss\\": $1}"`;
  const study = `
name: control
objective: { metric: loss, direction: minimize }
space: ${space}
sampler: { type: tpe, startup: 4 }
budget: { trials: ${trials} }
command: [sh, -c, ${JSON.stringify(program)}, sh, "{x}"]
seed: 1
`;
  writeFileSync(join(folder, 'study.yaml'), study);
}

/** What the command answers with --json. */
async function control(...args: string[]): Promise<object> {
  const done = await cluster.start([...args, '--json', '--on', url]).finished;
  expect(done, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(done.stdout) as object;
}

async function states(): Promise<object> {
  return ((await control('study', 'show', 'control')) as { trials: object }).trials;
}

function events(): StudyEvent[] {
  return eventsIn(folder, 'control');
}

function ended(): number {
  return events().filter(({ kind }) => kind === 'trial-ended').length;
}

function live(): number[] {
  const running = new Set<number>();
  for (const event of events()) {
    if (event.kind === 'attempt-started') running.add(event.trial);
    if (event.kind === 'attempt-ended') running.delete(event.trial);
  }
  return [...running];
}
