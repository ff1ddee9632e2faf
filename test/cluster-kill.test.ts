// Promise 1 (DESIGN §12) for a cluster: kill -9 of the coordinator, its workers and their trials, under load, at any
// point. FLEETUNE_TEST_KILLS and FLEETUNE_TEST_SEED make it a soak (`./dev soak`).

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomStream, type StudyEvent } from '@fleetune/core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { checkLog, eventsIn, newCluster, type Cluster, type Serving } from './cluster.ts';
import { prepareCommand, runCommand, until, type Started } from './command.ts';
import { withEnvironment } from './process-tree.ts';

const KILLS = Number(process.env['FLEETUNE_TEST_KILLS'] ?? 200);
const EPOCHS = 5;
const WORKERS = ['one', 'two', 'three'];
/** A coordinator takes longer to come back than anything else. */
const targets = ['coordinator', 'worker', 'worker', 'trial', 'trial'] as const;
const seed = Number(process.env['FLEETUNE_TEST_SEED'] ?? 1);
const name = `cluster-kill-${process.pid}`;

let folder: string;
let cluster: Cluster;
beforeAll(prepareCommand, 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetune-cluster-'));
  cluster = newCluster(folder);
});
afterEach(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true, force: true });
});

it(
  `a cluster survives ${KILLS} kills of its coordinator, workers and trials (seed ${seed})`,
  { timeout: 60_000 + KILLS * 3_000 },
  async () => {
    writeFileSync(join(folder, 'study.yaml'), studyFile);
    const random = randomStream(seed, 0, 'cluster kill test');
    let coordinator = await cluster.serve();
    const { url } = coordinator;
    const workers = new Map(WORKERS.map((worker) => [worker, cluster.worker(url, worker)]));
    const seen = new Map<number, StudyEvent>();
    const watching = watch(url, seen);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const wanted = seen.size + 1 + random.int(10);
      await until(`${wanted} events before kill ${kill}`, () => seen.size >= wanted);
      const target = targets[random.int(targets.length)]!;
      if (target === 'coordinator') coordinator = await restart(coordinator);
      else if (target === 'trial') killOneOf(withEnvironment(`FLEETUNE_STUDY=${name}`), random.int);
      else {
        const worker = WORKERS[random.int(WORKERS.length)]!;
        await kill9(workers.get(worker)!);
        workers.set(worker, cluster.worker(url, worker));
      }
    }
    const stop = await cluster.start(['study', 'stop', name, '--on', url]).finished;
    expect(stop).toMatchObject({ code: 0, stderr: '' });
    await watching.finished;
    const events = eventsIn(folder, name);
    const stored = new Map(events.map((event) => [event.id, event]));
    for (const [id, event] of seen) expect(stored.get(id)).toEqual(event);
    checkLog(events, EPOCHS);
    expect(await runCommand(['replay', name], folder)).toMatchObject({ code: 0 });
    await until('no trial is left', () => withEnvironment(`FLEETUNE_STUDY=${name}`).length === 0);
  },
);

/** What it prints has been acknowledged. */
function watch(url: string, seen: Map<number, StudyEvent>): Started {
  const watching = cluster.start(['run', 'study.yaml', '--keep-going', '--on', url, '--json']);
  watching.onLine((line) => {
    const event = JSON.parse(line) as StudyEvent;
    if (typeof event.id !== 'number') return;
    expect(seen.has(event.id), `event ${event.id} was printed before`).toBe(false);
    seen.set(event.id, event);
  });
  return watching;
}

async function restart({ process, url }: Serving): Promise<Serving> {
  await kill9(process);
  return cluster.serve({ port: Number(new URL(url).port) });
}

async function kill9({ process, finished }: Started): Promise<void> {
  process.kill('SIGKILL');
  await finished;
}

function killOneOf(pids: number[], int: (below: number) => number): void {
  const pid = pids[int(Math.max(1, pids.length))];
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

const program = `for epoch in ${Array.from({ length: EPOCHS }, (_, i) => i + 1).join(' ')}; do
  echo "{\\"epoch\\": $epoch, \\"loss\\": $1}"
  sleep 0.05
done`;

const studyFile = `
name: ${name}
objective: { metric: loss, direction: minimize }
space: { x: { type: float, low: 0, high: 1 } }
fidelity: { metric: epoch, min: 1, max: ${EPOCHS} }
scheduler: fifo
sampler: random
budget: { trials: 1000000 }
retries: 1000
command: [sh, -c, ${JSON.stringify(program)}, sh, "{x}"]
seed: ${seed}
`;
