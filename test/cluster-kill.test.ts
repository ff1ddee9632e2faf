// Promise 1 (DESIGN §12) for a cluster: kill -9 of the coordinator and its workers, and of trials in between, under
// load, at any point. FLEETUNE_TEST_KILLS and FLEETUNE_TEST_SEED make it a soak (`./dev soak`).

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream, type RandomStream, type StudyEvent } from '@fleetune/core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { checkLog, eventsIn, newCluster, type Cluster, type Serving } from './cluster.ts';
import { prepareCommand, runCommand, until, type Started } from './command.ts';
import { closeFolder, newFolder } from './folder.ts';
import { withEnvironment } from './process-tree.ts';

/** Of coordinators and workers; trials are killed beside them. */
const KILLS = Number(process.env['FLEETUNE_TEST_KILLS'] ?? 200);
const EPOCHS = 5;
const WORKERS = ['one', 'two', 'three'];
/** A coordinator takes longer to come back than a worker. */
const targets = ['coordinator', 'worker', 'worker', 'worker', 'worker'] as const;
const seed = Number(process.env['FLEETUNE_TEST_SEED'] ?? 1);
/** They share the workers. */
const STUDIES = ['fifo', 'asha'].map((scheduler) => {
  return { name: `cluster-kill-${scheduler}-${process.pid}`, scheduler };
});

let folder: string;
let cluster: Cluster;
beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = newFolder('cluster');
  cluster = newCluster(folder);
});
afterEach(async () => {
  await cluster.close();
  closeFolder(folder);
});

it(
  `a cluster survives ${KILLS} kills of its coordinator and workers, and those of trials between them (seed ${seed})`,
  { timeout: 60_000 + KILLS * 3_000 },
  async () => {
    const random = randomStream(seed, 0, 'cluster kill test');
    let coordinator = await cluster.serve();
    const { url } = coordinator;
    const workers = new Map(WORKERS.map((worker) => [worker, cluster.worker(url, worker)]));
    const watched = STUDIES.map((study) => watch(url, study));
    const seen = (): number => watched.reduce((sum, { events }) => sum + events.size, 0);
    let trialsKilled = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const wanted = seen() + 1 + random.int(10);
      await until(`${wanted} events before kill ${kill}`, () => seen() >= wanted);
      const { name } = STUDIES[random.int(STUDIES.length)]!;
      if (random.next() < 0.4) trialsKilled += killOneOf(trialsOf(name), random);
      if (targets[random.int(targets.length)] === 'coordinator') {
        coordinator = await restart(coordinator);
      } else {
        const worker = WORKERS[random.int(WORKERS.length)]!;
        await kill9(workers.get(worker)!);
        workers.set(worker, cluster.worker(url, worker));
      }
    }
    expect(trialsKilled).toBeGreaterThan(KILLS / 10);
    for (const { name, events, watching } of watched) {
      const stop = await cluster.start(['study', 'stop', name, '--on', url]).finished;
      expect(stop).toMatchObject({ code: 0, stderr: '' });
      await watching.finished;
      const log = eventsIn(folder, name);
      const stored = new Map(log.map((event) => [event.id, event]));
      for (const [id, event] of events) expect(stored.get(id)).toEqual(event);
      checkLog(log, EPOCHS);
      expect(await runCommand(['replay', name], folder)).toMatchObject({ code: 0 });
      await until('no trial is left', () => trialsOf(name).length === 0);
    }
  },
);

function trialsOf(study: string): number[] {
  return withEnvironment(`FLEETUNE_STUDY=${study}`);
}

interface Watched {
  name: string;
  /** What it printed has been acknowledged. */
  events: Map<number, StudyEvent>;
  watching: Started;
}

function watch(url: string, { name, scheduler }: (typeof STUDIES)[number]): Watched {
  writeFileSync(join(folder, `${scheduler}.yaml`), studyFile(name, scheduler));
  const events = new Map<number, StudyEvent>();
  const argv = ['run', `${scheduler}.yaml`, '--keep-going', '--on', url, '--json'];
  const watching = cluster.start(argv);
  watching.onLine((line) => {
    const event = JSON.parse(line) as StudyEvent;
    if (typeof event.id !== 'number') return;
    expect(events.has(event.id), `event ${event.id} was printed before`).toBe(false);
    events.set(event.id, event);
  });
  return { name, events, watching };
}

async function restart({ process, url }: Serving): Promise<Serving> {
  await kill9(process);
  return cluster.serve({ port: Number(new URL(url).port) });
}

/** Of what is alive. */
async function kill9({ process, finished }: Started): Promise<void> {
  expect([process.exitCode, process.signalCode], 'it lives until it is killed').toEqual([
    null,
    null,
  ]);
  process.kill('SIGKILL');
  await finished;
}

/** How many that were. */
function killOneOf(pids: number[], random: RandomStream): number {
  const pid = pids[random.int(Math.max(1, pids.length))];
  if (pid === undefined) return 0;
  try {
    process.kill(pid, 'SIGKILL');
    return 1;
  } catch {
    // It has just ended by itself.
    return 0;
  }
}

const program = `for epoch in ${Array.from({ length: EPOCHS }, (_, i) => i + 1).join(' ')}; do
  echo "{\\"epoch\\": $epoch, \\"loss\\": $1}"
  sleep 0.05
done`;

const studyFile = (name: string, scheduler: string): string => `
name: ${name}
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
fidelity: { metric: epoch, min: 1, max: ${EPOCHS} }
scheduler: ${scheduler}
sampler: random
budget: { trials: 1000000 }
retries: 1000
command: [sh, -c, ${JSON.stringify(program)}, sh, "{x}"]
seed: ${seed}
`;
