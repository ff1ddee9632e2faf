// Promise 1 (DESIGN §12): kill -9 of anything, at any point, loses nothing that was acknowledged and counts nothing twice.
// An event that the command printed has been acknowledged: it prints what is durable.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@fleetune/coordinator/store';
import { randomStream, type StudyEvent } from '@fleetune/core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { prepareCommand, runCommand, startCommand, until, type Started } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';
import { childrenOf, withEnvironment } from './process-tree.ts';

/** Under each scheduler. */
const KILLS = 30;
const TRIALS = 80;
const EPOCHS = 5;
const targets = ['run', 'worker', 'trial', 'everything'] as const;
const seed = Number(process.env['FLEETUNE_TEST_SEED'] ?? 1);

let folder: string;
beforeAll(prepareCommand, 120_000);
beforeEach(() => (folder = newFolder('kill')));
afterEach(() => closeFolder(folder));

it.each(['fifo', 'asha'])(
  `a study under %s survives ${KILLS} kills of its run, worker and trials (seed ${seed})`,
  { timeout: 300_000 },
  async (scheduler) => {
    writeFileSync(join(folder, 'study.yaml'), studyFile(scheduler));
    const acknowledged = new Map<number, StudyEvent>();
    const random = randomStream(seed, 0, `kill test ${scheduler}`);
    let run = start(acknowledged);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const seen = acknowledged.size;
      const wanted = seen + 1 + random.int(12);
      const target = targets[random.int(targets.length)]!;
      let over = false;
      void run.finished.then(() => (over = true));
      await until(`${wanted} events`, () => acknowledged.size >= wanted || over);
      if (over) expect(await run.finished, `ended before kill ${kill}`).toBe('still running');
      // Not only at the moment when an event has just been printed.
      await new Promise((resolve) => setTimeout(resolve, random.int(51)));
      killTarget(run, target);
      if (target === 'run' || target === 'everything') {
        await run.finished;
        compareWithLog(acknowledged);
        run = start(acknowledged);
      }
    }
    const { code, stderr } = await run.finished;
    expect(stderr).not.toContain('assertion failed');
    expect(code).toBe(0);
    compareWithLog(acknowledged);
    checkLog();
    expect(await runCommand(['replay', 'study.yaml'], folder)).toMatchObject({ code: 0 });
    await until('no process is left', () => withEnvironment(`FLEETUNE_STUDY=${name}`).length === 0);
  },
);

const name = `kill-${process.pid}`;

const program = `for epoch in ${Array.from({ length: EPOCHS }, (_, i) => i + 1).join(' ')}; do
  echo "{\\"epoch\\": $epoch, \\"loss\\": $1}"
  sleep 0.02
done`;

const studyFile = (scheduler: string): string => `
name: ${name}
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
fidelity: { metric: epoch, min: 1, max: ${EPOCHS} }
scheduler: ${scheduler}
budget: { trials: ${TRIALS} }
retries: 1000
command: [sh, -c, ${JSON.stringify(program)}, sh, "{x}"]
engine: { type: local, slots: 2 }
seed: ${seed}
`;

function start(acknowledged: Map<number, StudyEvent>): Started {
  const run = startCommand(['run', 'study.yaml', '--json', '--keep-going'], folder);
  run.onLine((line) => {
    const event = JSON.parse(line) as StudyEvent;
    if (typeof event.id !== 'number') return;
    expect(acknowledged.has(event.id), `event ${event.id} was printed before`).toBe(false);
    acknowledged.set(event.id, event);
  });
  return run;
}

function killTarget(run: Started, target: (typeof targets)[number]): void {
  const { pid } = run.process;
  const workers = childrenOf(pid!);
  const trials = withEnvironment(`FLEETUNE_STUDY=${name}`);
  const victims = {
    run: [pid!],
    worker: workers,
    trial: trials.slice(0, 1),
    everything: [pid!, ...workers, ...workers.flatMap(childrenOf), ...trials],
  };
  for (const victim of victims[target]) {
    try {
      process.kill(victim, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
}

function storedEvents(): StudyEvent[] {
  const store = sqliteStore(join(folder, 'fleetune.db'), { readOnly: true });
  const row = store.study(name)!;
  const events = [...store.events(row.id, 0)];
  void store.close();
  return events;
}

function compareWithLog(acknowledged: Map<number, StudyEvent>): void {
  const stored = new Map(storedEvents().map((event) => [event.id, event]));
  for (const [id, event] of acknowledged) expect(stored.get(id)).toEqual(event);
}

/** What holds for the log as a whole, read without the code that wrote it. */
function checkLog(): void {
  const events = storedEvents();
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  const attempts = new Map<string, { steps: number[]; ends: string[] }>();
  const ended: number[] = [];
  for (const event of events) {
    if (event.kind === 'attempt-started') {
      const key = `${event.trial}/${event.attempt}`;
      expect(attempts.has(key), `attempt ${key} began once`).toBe(false);
      attempts.set(key, { steps: [], ends: [] });
    } else if (event.kind === 'reports') {
      for (const { trial, attempt, columns } of event.items) {
        attempts.get(`${trial}/${attempt}`)!.steps.push(...columns.step.map(Number));
      }
    } else if (event.kind === 'attempt-ended') {
      attempts.get(`${event.trial}/${event.attempt}`)!.ends.push(event.end);
    } else if (event.kind === 'trial-ended') {
      ended.push(event.trial);
    }
  }
  for (const [key, { steps, ends }] of attempts) {
    expect(ends, `attempt ${key} ended once`).toHaveLength(1);
    const whole = Array.from({ length: EPOCHS }, (_, index) => index + 1);
    expect(steps, `reports of ${key}`).toEqual(whole.slice(0, steps.length));
    if (ends[0] === 'completed') expect(steps).toEqual(whole);
  }
  expect(ended.toSorted((a, b) => a - b)).toEqual(Array.from({ length: TRIALS }, (_, i) => i));
}
