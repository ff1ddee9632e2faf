// How long `ask` takes over HTTP, durable, with tells between any two asks: eight clients of one study with 1,000 trials
// in its history, on a database on disk. They ask as fast as answers come, or 160 times a second. Beside it the same with
// a sampler that costs nothing, and with TPE made so dear (100 times its candidates) that the advisor moves to its thread;
// a server that only writes and syncs; and the disk alone, which no answer that is durable can be faster than.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomStream, tpeDefaults, type Params, type SamplerSpec } from '@fleetune/core';
import type { Place, Went } from './ask/asked-coordinator.ts';
import { syncedPages } from './ask/synced-pages.ts';
import { leanConnection } from './coordinator/lean-connection.ts';
import { startBareServer } from './coordinator/start-coordinator.ts';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import { objective } from './coordinator/study.ts';
import { quantile } from './harness/quantile.ts';

const program = join(import.meta.dirname, 'ask/asked-coordinator.ts');
const clients = 8;
const history = 1000;
const runs = 3;

interface Load {
  sampler: SamplerSpec;
  asks: number;
  /** How long a trial takes: half of it to one and a half, evenly; 0 asks as fast as answers come. */
  trialMs: number;
}

const tpe = { type: 'tpe', ...tpeDefaults } as const;
const loads = {
  random: { sampler: { type: 'random' }, asks: 1000, trialMs: 0 },
  tpe: { sampler: tpe, asks: 1000, trialMs: 0 },
  'tpe, trials of 25-75 ms': { sampler: tpe, asks: 1000, trialMs: 50 },
  'dear tpe': { sampler: { ...tpe, candidates: 2400 }, asks: 200, trialMs: 500 },
} satisfies Record<string, Load>;

export const bench: Bench = {
  summary: 'ask over HTTP with tells in between, 8 clients, TPE at n = 1,000; share of fallbacks',
  async *run(): AsyncIterable<Measured> {
    const names = Object.keys(loads) as (keyof typeof loads)[];
    const of = Object.fromEntries(names.map((name) => [name, [] as Figures[]])) as Runs;
    const bare: Partial<Record<keyof typeof loads, Asks[]>> = {
      tpe: [],
      'tpe, trials of 25-75 ms': [],
    };
    const diskP99Ms: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      diskP99Ms.push(quantile(await syncedPages(1000, 1000 / 160), 0.99));
      for (const name of names) {
        bare[name]?.push(await measureBare(loads[name]));
        of[name].push(await measure(loads[name]));
      }
    }
    const disk = { value: median(diskP99Ms), unit: 'ms', better: 'lower', runs } as const;
    yield { case: 'one page and its sync, 160 a second and nothing else, p99', ...disk };
    const middle = (name: keyof typeof loads, figure: keyof Figures): number =>
      median(of[name].map((figures) => figures[figure]));
    for (const name of ['tpe', 'tpe, trials of 25-75 ms', 'dear tpe'] as const) {
      const ms = { unit: 'ms', better: 'lower', runs } as const;
      const beside = (figure: 'askP50Ms' | 'askP99Ms') => ({
        ...(name === 'tpe' && { peers: { 'sampler random': middle('random', figure) } }),
        ...(bare[name] && { floor: floorOf(bare[name], figure) }),
      });
      yield { case: `${name}, p50`, value: middle(name, 'askP50Ms'), ...beside('askP50Ms'), ...ms };
      const p99 = { value: middle(name, 'askP99Ms'), goal: 5, ...beside('askP99Ms') };
      yield { case: `${name}, p99`, ...p99, ...ms };
      yield { case: `${name}, event loop p99`, value: middle(name, 'delayP99Ms'), ...ms };
      const share = 100 * middle(name, 'fallbackShare');
      yield { case: `${name}, fallback`, value: share, unit: '%', better: 'lower', goal: 5, runs };
    }
    const rate = { value: middle('tpe', 'asksPerS'), floor: floorOf(bare.tpe!, 'asksPerS') };
    yield { case: 'asks', ...rate, unit: '/s', better: 'higher', runs };
  },
};

type Runs = Record<keyof typeof loads, Figures[]>;

function floorOf(bare: readonly Asks[], figure: keyof Asks): number {
  return median(bare.map((asks) => asks[figure]));
}

interface Asks {
  askP50Ms: number;
  askP99Ms: number;
  asksPerS: number;
}

interface Figures extends Asks {
  delayP99Ms: number;
  fallbackShare: number;
}

async function measure(load: Load): Promise<Figures> {
  // In the checkout: the folder for temporary files is often in memory, where everything is quick and nothing durable.
  const folder = mkdtempSync(join(import.meta.dirname, '../.tools/bench-'));
  const database = join(folder, 'fleetune.db');
  const child = fork(program, [database, JSON.stringify(load.sampler), String(history)]);
  try {
    const place = await said<Place>(child);
    // Code is compiled, connections are open, and the advisor has found its place.
    await askAndTell(place, load);
    child.send('reset');
    const { advisor: before } = await said<Went>(child);
    const asks = await askAndTell(place, load);
    child.send('went');
    const { advisor, delayP99Ms } = await said<Went>(child);
    const fallbackShare = (fallbacks(advisor) - fallbacks(before)) / (advisor.given - before.given);
    return { ...asks, delayP99Ms, fallbackShare };
  } finally {
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same clients at a server that does nothing but one write and sync. */
async function measureBare(load: Load): Promise<Asks> {
  const server = await startBareServer();
  try {
    await askAndTell(server, load);
    return await askAndTell(server, load);
  } finally {
    await server.stop();
  }
}

async function askAndTell({ url, token }: Place, { asks, trialMs }: Load): Promise<Asks> {
  const { call } = leanConnection(url, token);
  const tookMs: number[] = [];
  const lengths = randomStream(1, 0, 'bench');
  const client = async (): Promise<void> => {
    while (tookMs.length < asks) {
      const sent = performance.now();
      const asked = (await call('POST', '/studies/ask/ask')) as Asked;
      tookMs.push(performance.now() - sent);
      const { trial, attempt, params } = asked;
      if (trial === undefined) throw new Error(`nothing to do: ${JSON.stringify(asked)}`);
      // Of one length they would end together, since one commit answers several: nobody's trials do.
      if (trialMs > 0) await sleep(trialMs * (0.5 + lengths.next()));
      const metrics = { loss: objective(params) };
      await call('POST', `/studies/ask/trials/${trial}/tell`, { attempt, metrics });
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return {
    askP50Ms: quantile(tookMs, 0.5),
    askP99Ms: quantile(tookMs, 0.99),
    asksPerS: (1000 * asks) / (performance.now() - start),
  };
}

interface Asked {
  trial?: number;
  attempt: number;
  params: Params;
}

function fallbacks({ given, fallbackShare }: Went['advisor']): number {
  return given * fallbackShare;
}

async function said<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}
