// How long `ask` takes over HTTP, durable, with tells between any two asks: eight clients of one study with 1,000 trials
// in its history, on a database on disk. Beside it the same with a sampler that costs nothing, and with TPE made so
// dear (100 times its candidates) that the advisor moves to its thread.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SamplerSpec } from '@fleetune/core';
import { httpConnection, studyClient, type StudyClient } from '@fleetune/protocol/node';
import type { Place, Went } from './ask/asked-coordinator.ts';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import { quantile } from './harness/quantile.ts';

const program = join(import.meta.dirname, 'ask/asked-coordinator.ts');
const clients = 8;
const history = 1000;
const runs = 3;

interface Load {
  sampler: SamplerSpec;
  asks: number;
  /** How long a trial takes; 0 asks as fast as answers come. */
  trialMs: number;
}

const tpe = { type: 'tpe', startup: 10, candidates: 24 } as const;
const loads = {
  random: { sampler: { type: 'random' }, asks: 1000, trialMs: 0 },
  tpe: { sampler: tpe, asks: 1000, trialMs: 0 },
  'dear tpe': { sampler: { ...tpe, candidates: 2400 }, asks: 200, trialMs: 500 },
} satisfies Record<string, Load>;

export const bench: Bench = {
  summary: 'ask over HTTP with tells in between, 8 clients, TPE at n = 1,000; share of fallbacks',
  async *run(): AsyncIterable<Measured> {
    const of: Record<keyof typeof loads, Figures[]> = { random: [], tpe: [], 'dear tpe': [] };
    for (let run = 0; run < runs; run += 1) {
      for (const name of Object.keys(loads) as (keyof typeof loads)[]) {
        of[name].push(await measure(loads[name]));
      }
    }
    const middle = (name: keyof typeof loads, figure: keyof Figures): number =>
      median(of[name].map((figures) => figures[figure]));
    for (const name of ['tpe', 'dear tpe'] as const) {
      const ms = { unit: 'ms', better: 'lower', runs } as const;
      const peers = name === 'tpe' ? { 'sampler random': middle('random', 'askP99Ms') } : {};
      yield { case: `${name}, p50`, value: middle(name, 'askP50Ms'), ...ms };
      yield { case: `${name}, p99`, value: middle(name, 'askP99Ms'), goal: 5, peers, ...ms };
      yield { case: `${name}, event loop p99`, value: middle(name, 'delayP99Ms'), ...ms };
      const share = 100 * middle(name, 'fallbackShare');
      yield { case: `${name}, fallback`, value: share, unit: '%', better: 'lower', goal: 5, runs };
    }
    yield { case: 'asks', value: middle('tpe', 'asksPerS'), unit: '/s', better: 'higher', runs };
  },
};

interface Figures {
  askP50Ms: number;
  askP99Ms: number;
  asksPerS: number;
  delayP99Ms: number;
  fallbackShare: number;
}

async function measure({ sampler, asks, trialMs }: Load): Promise<Figures> {
  // In the checkout: the folder for temporary files is often in memory, where everything is quick and nothing durable.
  const folder = mkdtempSync(join(import.meta.dirname, '../.tools/bench-'));
  const database = join(folder, 'fleetune.db');
  const child = fork(program, [database, JSON.stringify(sampler), String(history)]);
  try {
    const { url, token } = await said<Place>(child);
    const connections = Array.from({ length: clients }, () => httpConnection(url, token));
    const each = connections.map((connection) => studyClient(connection));
    // Code is compiled, connections are open, and the advisor has found its place.
    await askAndTell(each, asks / 2, trialMs);
    child.send('reset');
    const { advisor: before } = await said<Went>(child);
    const start = performance.now();
    const tookMs = await askAndTell(each, asks, trialMs);
    const seconds = (performance.now() - start) / 1000;
    child.send('went');
    const { advisor, delayP99Ms } = await said<Went>(child);
    connections.forEach((connection) => connection.close());
    return {
      askP50Ms: quantile(tookMs, 0.5),
      askP99Ms: quantile(tookMs, 0.99),
      asksPerS: asks / seconds,
      delayP99Ms,
      fallbackShare: (fallbacks(advisor) - fallbacks(before)) / (advisor.given - before.given),
    };
  } finally {
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What each ask took. */
async function askAndTell(each: StudyClient[], asks: number, trialMs: number): Promise<number[]> {
  const tookMs: number[] = [];
  const client = async ({ ask, tell }: StudyClient): Promise<void> => {
    while (tookMs.length < asks) {
      const start = performance.now();
      const asked = await ask({ name: 'ask' });
      tookMs.push(performance.now() - start);
      const { trial, attempt, params } = asked;
      if (trial === undefined || attempt === undefined || params === undefined) {
        throw new Error(`nothing to do: ${JSON.stringify(asked)}`);
      }
      if (trialMs > 0) await sleep(trialMs);
      const loss = Object.values(params).reduce<number>(
        (sum, x) => sum + (Number(x) - 0.3) ** 2,
        0,
      );
      await tell({ name: 'ask', trial, attempt, metrics: { loss } });
    }
  };
  await Promise.all(each.map(client));
  return tookMs;
}

function fallbacks({ given, fallbackShare }: Went['advisor']): number {
  return given * fallbackShare;
}

async function said<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}
