// Connected workers whose trials end at a steady rate: `node many-workers-clients.ts WORKERS RATE SECONDS`,
// with {"url", "token"} on standard input. Prints a line when all are at work, and {"answerMs"} at the end.

import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { FleetuneError, randomStream } from '@fleetune/core';
import type { Assignment } from '@fleetune/protocol';
import { httpLink } from '@fleetune/protocol/node';
import { leanConnection } from './lean-connection.ts';
import { protocolWorker, type ProtocolWorker } from './protocol-worker.ts';

const POLL_MS = 5000;
/** Nobody starts a thousand workers in one moment. */
const ARRIVAL_MS = 5000;

const [workers = 0, rate = 0, seconds = 0] = process.argv.slice(2).map(Number);
const { url, token } = JSON.parse(readFileSync(0, 'utf8')) as { url: string; token: string };
const link = httpLink(leanConnection(url, token));
/** Trials as long as it takes for so many workers to bring so many results in a second. */
const meanMs = (1000 * workers) / rate;
let answerMs: number[] = [];

async function work(index: number, onReady: () => void): Promise<void> {
  const worker = protocolWorker(link, `bench-${index}`, 1);
  const random = randomStream(1, index, 'trial lengths');
  await setTimeout(random.next() * ARRIVAL_MS);
  await worker.register();
  let trial = (await worker.exchange([], [0]))[0];
  let bringing: Promise<unknown> = Promise.resolve();
  void holdPoll(worker, () => bringing);
  onReady();
  for (let lengthMs = random.next() * meanMs; ; lengthMs = (0.5 + random.next()) * meanMs) {
    await setTimeout(lengthMs);
    const done: Assignment[] = trial === undefined ? [] : [trial];
    const sent = performance.now();
    const exchange = worker.exchange(done, [0]);
    bringing = exchange;
    [trial] = await exchange;
    answerMs.push(performance.now() - sent);
  }
}

/** While its trial runs, a long poll is open, as a real worker has it: its heartbeat, and how it hears of a stop. */
async function holdPoll(worker: ProtocolWorker, bringing: () => Promise<unknown>): Promise<void> {
  for (;;) {
    // A poll must not overtake a result.
    await bringing();
    try {
      await worker.poll([], POLL_MS);
    } catch (error) {
      // A result has overtaken the poll on the way.
      if (!(error instanceof FleetuneError && error.code === 'worker.sequence')) throw error;
    }
  }
}

await new Promise<void>((resolve) => {
  let ready = 0;
  const onReady = (): void => {
    ready += 1;
    if (ready === workers) resolve();
  };
  for (let index = 0; index < workers; index += 1) void work(index, onReady);
});
console.log('ready');
answerMs = [];
await setTimeout(1000 * seconds);
console.log(JSON.stringify({ answerMs }));
process.exit(0);
