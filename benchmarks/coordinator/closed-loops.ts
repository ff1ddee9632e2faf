// Clients that bring a result and take the next trial as fast as they are answered:
// `node closed-loops.ts exchange|ask-tell CLIENTS SLOTS SECONDS WARM-UP`, with {"url", "token"} on standard input. Prints
// "warm" when the trials begin to count, and {"trials", "seconds", "answers"} at the end; all answers count.

import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { httpLink } from '@fleetune/protocol/node';
import { leanConnection } from './lean-connection.ts';
import { protocolWorker } from './protocol-worker.ts';
import { objective, study } from './study.ts';

const [kind = '', ...numbers] = process.argv.slice(2);
const [clients = 0, slots = 0, seconds = 0, warmUp = 0] = numbers.map(Number);
const { url, token } = JSON.parse(readFileSync(0, 'utf8')) as { url: string; token: string };
const connection = leanConnection(url, token);

const start = performance.now();
const over = (): boolean => performance.now() - start >= 1000 * (warmUp + seconds);
let trials = 0;
let answers = 0;

/** All slots of a worker end at once: one request brings their results and takes their next trials. */
async function exchanging(client: number): Promise<void> {
  const worker = protocolWorker(httpLink(connection), `bench-${client}`, slots);
  await worker.register();
  const free = Array.from({ length: slots }, (_, slot) => slot);
  let assigned = await worker.exchange([], free);
  while (!over()) {
    const done = assigned;
    assigned = await worker.exchange(done, free);
    answers += 1;
    trials += done.length;
    while (assigned.length === 0 && !over()) assigned = (await worker.poll(free, 1000)).trials;
  }
}

async function askingAndTelling(): Promise<void> {
  const path = `/studies/${study.name}`;
  while (!over()) {
    const { trial, attempt, params } = (await connection.call('POST', `${path}/ask`)) as Asked;
    const metrics = { value: objective(params) };
    await connection.call('POST', `${path}/trials/${trial}/tell`, { attempt, metrics });
    answers += 2;
    trials += 1;
  }
}

interface Asked {
  trial: number;
  attempt: number;
  params: Readonly<Record<string, unknown>>;
}

const client = kind === 'exchange' ? exchanging : askingAndTelling;
const ended = Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
await setTimeout(1000 * warmUp);
console.log('warm');
const warm = { trials, atMs: performance.now() };
await ended;
const spent = (performance.now() - warm.atMs) / 1000;
console.log(JSON.stringify({ trials: trials - warm.trials, seconds: spent, answers }));
process.exit(0);
