// Goal: acknowledged is durable. A child appends and prints what was acknowledged until it is killed; the database is
// then opened as the next run would.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleEvent, sampleSpec } from '../testing/index.ts';
import { sqlitePlace } from '../testing/sqlite-place.ts';

let place: ReturnType<typeof sqlitePlace>;
beforeEach(() => {
  place = sqlitePlace();
});
afterEach(() => place.dispose());

/** Runs the child until it has acknowledged `count` more events, kills it, and answers the last acknowledged id. */
async function runUntil(count: number, concurrent: number): Promise<number> {
  const script = new URL('../testing/append-forever.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, place.path, String(concurrent)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(place.folder, 'compiled') },
  });
  let last = 0;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Math.max(last, Number(line));
    // Everything printed before the kill was acknowledged, also what is still in the pipe.
    if (++seen === count) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return last;
}

test('kill -9 loses no acknowledged event, doubles none and leaves no gap', async () => {
  const kills = 20;
  for (let kill = 0; kill < kills; kill++) {
    // From the very first event, where the database is being made, to a hundred in groups.
    const acknowledged = await runUntil(1 + kill * 7, 1 + (kill % 3) * 8);
    const store = place.open();
    const row = store.study('s')!;
    const ids = [...store.events(row.id, 0)].map((event) => {
      expect(event).toEqual(sampleEvent(event.id));
      return event.id;
    });
    expect(ids).toEqual(ids.map((_, i) => i + 1));
    expect(ids.length).toBeGreaterThanOrEqual(acknowledged);
    expect(row.lastEvent).toBe(ids.length);
    expect(Math.max(...store.trials(row.id).map(({ reports }) => reports))).toBe(ids.length);
    await store.close();
  }
}, 120_000);

test('a kill while the database is made leaves one that can be opened', async () => {
  const script = new URL('../testing/append-forever.ts', import.meta.url).pathname;
  for (let kill = 0; kill < 4; kill++) {
    const fresh = sqlitePlace();
    const child = spawn(process.execPath, [script, fresh.path, '1'], { stdio: 'ignore' });
    await fileAppears(fresh.folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = fresh.open();
    if (store.study('s') === undefined) store.createStudy('s', sampleSpec, 0);
    await fresh.dispose();
  }
}, 120_000);

async function fileAppears(folder: string): Promise<void> {
  for await (const _ of watch(folder)) return;
}
