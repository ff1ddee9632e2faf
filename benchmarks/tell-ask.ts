// Results that are durable before they are answered, per second, with eight clients that each wait for their answer.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Bench, Measured } from './harness/bench.ts';
import { median } from './harness/median.ts';
import { cpuMsOf } from './harness/running-process.ts';
import {
  startBareServer,
  startCoordinator,
  type RunningCoordinator,
} from './coordinator/start-coordinator.ts';
import { countSyncs } from './coordinator/count-syncs.ts';
import { pythonPeer } from './peers/python-peer.ts';

const runs = 3;
const clients = 8;
const seconds = 3;
/** A coordinator runs for days: what it does while its code is compiled does not count. */
const warmUp = 3;
const BARE = 'bare server';

/** What a client sends, how many slots it has, and how many times the best peer's rate is the goal. */
const own = {
  'ask and tell': { kind: 'ask-tell', slots: 1, goal: 5 },
  'exchange of 1 slot': { kind: 'exchange', slots: 1, goal: 5 },
  'exchange of 8 slots': { kind: 'exchange', slots: 8, goal: 10 },
} as const;

const optuna = ['optuna==5.0.0'];
const optunaGrpc = [...optuna, 'grpcio==1.85.1', 'protobuf==7.36.2'];
const peers = {
  'optuna 5.0.0 sqlite': { store: 'sqlite', packages: optuna },
  'optuna 5.0.0 journal': { store: 'journal', packages: optuna },
  'optuna 5.0.0 grpc on sqlite': { store: 'grpc-sqlite', packages: optunaGrpc },
  'optuna 5.0.0 grpc on journal': { store: 'grpc-journal', packages: optunaGrpc },
  'rustuna 0.2.0 journal': { store: 'rustuna-journal', packages: ['rustuna==0.2.0'] },
} as const;

export const bench: Bench = {
  summary: 'durable tell+ask per second over HTTP, 8 clients, beside Optuna’s and Rustuna’s stores',
  async *run(): AsyncIterable<Measured> {
    const rates = new Map<string, number[]>();
    const note = (name: string, rate: number): void => {
      rates.set(name, [...(rates.get(name) ?? []), rate]);
    };
    for (let run = 0; run < runs; run += 1) {
      for (const [name, { kind, slots }] of Object.entries(own)) {
        const own = await withCoordinator((at) => load(at, kind, clients, slots));
        note(name, own.trials / own.seconds);
        note(`${name}, CPU`, own.serverCpuMs / own.trials);
        const bare = await withBareServer((at) => load(at, kind, clients, slots));
        note(`${name}, ${BARE}`, bare.trials / bare.seconds);
        note(`${name}, ${BARE}, CPU`, bare.serverCpuMs / bare.trials);
      }
      for (const [name, { store, packages }] of Object.entries(peers)) {
        const python = await pythonPeer(packages);
        if (python !== undefined) note(name, await peerRate(python, store));
      }
    }
    const of = (name: string): number => median(rates.get(name) ?? []);
    const measured = Object.keys(peers).filter((name) => rates.has(name));
    const figures = Object.fromEntries(measured.map((name) => [name, of(name)]));
    for (const [name, { goal }] of Object.entries(own)) {
      const common = { better: 'higher', runs, peers: figures } as const;
      const floor = of(`${name}, ${BARE}`);
      yield { case: name, value: of(name), unit: '/s', floor, ...common };
      const cpu = {
        unit: 'ms',
        better: 'lower',
        floor: of(`${name}, ${BARE}, CPU`),
        runs,
      } as const;
      yield { case: `${name}, CPU per trial`, value: of(`${name}, CPU`), ...cpu };
      if (measured.length === 0) continue;
      const ratio = of(name) / Math.max(...Object.values(figures));
      yield { case: `${name} / best peer`, value: ratio, unit: '×', goal, better: 'higher', runs };
    }
    yield* durability();
  },
};

/** One client: before each of its answers, the coordinator must have made the result durable. */
async function* durability(): AsyncIterable<Measured> {
  const counted = await withCoordinator(async (at) => {
    const stop = await countSyncs(at.pid);
    if (stop === undefined) return undefined;
    const { answers } = await load(at, 'exchange', 1, 1);
    return (await stop()) / answers;
  });
  const common = { unit: '', better: 'higher', goal: 1, runs: 1 } as const;
  // A count that was not made is a goal that was missed.
  if (counted === undefined) yield { case: 'disk syncs, not counted', value: 0, ...common };
  else yield { case: 'disk syncs per answer, 1 client', value: counted, ...common };
}

async function withCoordinator<T>(use: (at: RunningCoordinator) => Promise<T>): Promise<T> {
  return using(await startCoordinator(), use);
}

async function withBareServer<T>(use: (at: RunningCoordinator) => Promise<T>): Promise<T> {
  return using(await startBareServer(), use);
}

async function using<T>(
  server: RunningCoordinator,
  use: (at: RunningCoordinator) => Promise<T>,
): Promise<T> {
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

interface Load {
  trials: number;
  seconds: number;
  /** Since the clients began, the warm-up included. */
  answers: number;
  /** What the server worked for these trials. */
  serverCpuMs: number;
}

async function load(
  { url, token, pid }: RunningCoordinator,
  kind: 'exchange' | 'ask-tell',
  count: number,
  slots: number,
): Promise<Load> {
  const program = join(import.meta.dirname, './coordinator/closed-loops.ts');
  const argv = [program, kind, ...[count, slots, seconds, warmUp].map(String)];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ url, token }));
  let before = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'warm') before = cpuMsOf(pid);
    else return { ...(JSON.parse(line) as Load), serverCpuMs: cpuMsOf(pid) - before };
  }
  throw new Error('the clients ended early');
}

async function peerRate(python: string, store: string): Promise<number> {
  const folder = await mkdtemp(join(import.meta.dirname, '../.tools/bench-'));
  try {
    const program = join(import.meta.dirname, './peers/tell_ask.py');
    const argv = [program, store, String(clients), String(seconds)];
    const { stdout } = await promisify(execFile)(python, argv, { cwd: folder });
    const { trials, seconds: spent } = JSON.parse(stdout) as Load;
    return trials / spent;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
