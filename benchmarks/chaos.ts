// Machines die, networks are cut and the coordinator is killed: what is lost, what counts twice, and how much of the
// slots' time still goes into results.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { sqliteStore } from '@fleetune/coordinator/store';
import { httpConnection, studyClient, type StudyClient } from '@fleetune/protocol/node';
import { startCluster, type Cluster } from './chaos/cluster.ts';
import { followEvents } from './chaos/follow-events.ts';
import { judge, readLedger, usefulPercent, type Verdict } from './chaos/ledger.ts';
import type { Bench, BenchOptions, Measured } from './harness/bench.ts';

const shape = { hosts: 4, workersPerHost: 5, slotsPerWorker: 2 };
const study = {
  name: 'chaos',
  objective: { metric: 'value', direction: 'minimize' },
  space: { x: { type: 'float', low: 0, high: 1 }, seconds: { type: 'float', low: 2, high: 8 } },
  sampler: 'random',
  budget: { trials: 1_000_000 },
  command: ['/bin/sh', 'trial.sh', '{x}', '{seconds}'],
};

/** It keeps a ledger of its own, to compare with the study's log. */
const trial = `at() { echo "$1 $FLEETUNE_TRIAL $FLEETUNE_ATTEMPT $(date +%s%3N) $2" >> ledger; }
at begin
/bin/sleep "$2"
at end "$1"
echo "{\\"value\\": $1}"
`;

export const bench: Bench = {
  summary:
    'workers killed, a host cut, the coordinator killed: nothing lost or doubled, useful time',
  minutes: 4,
  async *run({ minutes = 3 }: BenchOptions): AsyncIterable<Measured> {
    const folder = await mkdtemp(join(import.meta.dirname, '../.tools/bench-'));
    await writeFile(join(folder, 'trial.sh'), trial);
    const cluster = await startCluster(folder, shape);
    try {
      const found = await observe(cluster, folder, minutes);
      const { verdict, faults } = found;
      for (const line of [...verdict.lost, ...verdict.wrong]) console.error(line);
      const common = { runs: 1, better: 'lower' } as const;
      yield { case: 'lost', value: verdict.lost.length, unit: '', goal: 0, ...common };
      yield {
        case: 'doubled or invented',
        value: verdict.wrong.length,
        unit: '',
        goal: 0,
        ...common,
      };
      const useful = {
        value: found.useful,
        unit: '%',
        goal: 85,
        runs: 1,
        better: 'higher',
      } as const;
      yield { case: 'useful utilization', ...useful };
      yield {
        case: 'trials',
        value: verdict.counted.length,
        unit: '',
        ...common,
        better: 'higher',
      };
      for (const [name, value] of Object.entries(faults)) {
        yield { case: name, value, unit: '', ...common, better: 'higher' };
      }
    } finally {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Observed {
  verdict: Verdict;
  useful: number;
  faults: Record<string, number>;
}

async function observe(cluster: Cluster, folder: string, minutes: number): Promise<Observed> {
  const { url, token, slots } = cluster;
  const client = studyClient(httpConnection(url, token));
  await until(async () => (await client.listWorkers()).length === cluster.workers);
  await client.submitStudy({ file: study, cwd: folder, seed: 1 });
  const seen = followEvents(url, token, study.name);
  await until(
    async () => ((await client.studyStatus({ name: study.name })).trials['running'] ?? 0) === slots,
  );
  const fromMs = Date.now();
  const toMs = fromMs + 60_000 * minutes;
  const faults = await chaos(cluster, toMs);
  await finish(client, folder);
  const store = sqliteStore(join(folder, 'fleetune.db'), { readOnly: true });
  const log = [...store.events(store.study(study.name)!.id, 0)];
  await store.close();
  const verdict = judge(log, readLedger(await readFile(join(folder, 'ledger'), 'utf8')), seen());
  return { verdict, useful: usefulPercent(verdict.counted, { fromMs, toMs, slots }), faults };
}

/** What the issue asks for; resolves when the time is over and everything is whole again. */
async function chaos(cluster: Cluster, toMs: number): Promise<Record<string, number>> {
  const count = { 'workers killed': 0, 'hosts cut': 0, 'coordinator killed': 0 };
  const every = async (
    [firstS, periodS]: [number, number],
    cause: keyof typeof count,
    act: (turn: number) => unknown,
  ): Promise<void> => {
    for (let atMs = Date.now() + 1000 * firstS; atMs < toMs; atMs += 1000 * periodS) {
      await setTimeout(atMs - Date.now());
      await act(count[cause]++);
    }
  };
  const tenth = 60 / (0.1 * cluster.workers);
  await Promise.all([
    // Another one each time, on another host: 7 and the number of workers have no factor in common.
    every([10, tenth], 'workers killed', (turn) =>
      cluster.killWorker((7 * turn) % cluster.workers),
    ),
    every([40, 120], 'hosts cut', (turn) => cluster.cutHost(turn % shape.hosts, 20_000)),
    every([20, 30], 'coordinator killed', () => cluster.killCoordinator()),
    setTimeout(toMs - Date.now()),
  ]);
  return count;
}

/** No more trials; those that there are run to their end. */
async function finish(client: StudyClient, folder: string): Promise<void> {
  const { name } = study;
  await client.pauseStudy({ name, reason: 'the time is over' });
  const { trials } = await client.studyStatus({ name });
  const created = Object.values(trials).reduce((sum, count) => sum + count, 0);
  await client.submitStudy({ file: { ...study, budget: { trials: created } }, cwd: folder });
  await client.resumeStudy({ name, reason: 'no more begin' });
  await until(async () => (await client.studyStatus({ name })).state === 'ended');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within two minutes: ${condition.toString()}`);
    await setTimeout(200);
  }
}
