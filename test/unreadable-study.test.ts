// Promise 5: a broken study breaks nothing else. One of two studies that a killed coordinator left running has a log
// that nobody can read any more: the next coordinator starts, says so, and goes on with the other.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventsIn, newCluster, type Cluster } from './cluster.ts';
import { prepareCommand, until } from './command.ts';

let folder: string;
let cluster: Cluster;

beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-unreadable-'));
  cluster = newCluster(folder);
});
afterEach(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true, force: true });
});

it('the coordinator starts without it, tells of it, and lets it be deleted', async () => {
  for (const name of ['broken', 'sound']) writeFileSync(join(folder, name), study(name));
  const first = await cluster.serve();
  const port = Number(new URL(first.url).port);
  const on = async (...words: string[]) => cluster.start([...words, '--on', first.url]).finished;
  for (const name of ['broken', 'sound']) expect((await on('submit', name)).code).toBe(0);
  cluster.worker(first.url, 'one');
  await until('both run', () => ['broken', 'sound'].every((name) => begun(name) > 0));
  first.process.process.kill('SIGKILL');
  await first.process.finished;
  damage('broken');
  const second = await cluster.serve({ port });
  expect(second.resumed).toEqual(['sound']);
  let log = '';
  second.process.onLine((line) => (log += line));
  writeFileSync(join(folder, 'go'), '');
  await until('the sound one ends', () => ended('sound') === 4);
  await until('it is said', () => log.includes('"kind":"study-unreadable","study":"broken"'));
  expect((await on('study', 'list')).stdout).toMatch(/^broken +unreadable .*\n^sound +ended /m);
  const shown = await on('study', 'show', 'broken');
  expect([shown.code, shown.stderr]).toEqual([3, expect.stringContaining('[study.unreadable]')]);
  expect(await on('study', 'delete', 'broken', '--yes')).toMatchObject({ code: 0, stderr: '' });
  expect(await on('submit', 'broken')).toMatchObject({ code: 0, stderr: '' });
  await until('it ends too', () => ended('broken') === 4);
});

const study = (name: string): string => `
name: ${name}
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
budget: { trials: 4 }
command: [sh, -c, 'until [ -e go ]; do sleep 0.05; done; echo "{\\"loss\\": $1}"', sh, "{x}"]
limits: { grace: 1s }
seed: 1
`;

function damage(name: string): void {
  const database = new DatabaseSync(join(folder, 'fleetune.db'));
  const ofStudy = 'study = (SELECT id FROM study WHERE name = ?)';
  const { changes } = database
    .prepare(`UPDATE event SET payload = '{"v": 1, ' WHERE kind = 'trial-created' AND ${ofStudy}`)
    .run(name);
  expect(Number(changes)).toBeGreaterThan(0);
  database.close();
}

function begun(name: string): number {
  return eventsIn(folder, name).filter(({ kind }) => kind === 'attempt-started').length;
}

function ended(name: string): number {
  return eventsIn(folder, name).filter(({ kind }) => kind === 'trial-ended').length;
}
