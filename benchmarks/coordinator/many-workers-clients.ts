// Connected workers whose trials end at a steady rate: `node many-workers-clients.ts WORKERS RATE SECONDS`,
// with {"url", "token"} on standard input. Prints {"answerMs", "late", "results"}.

import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { randomStream } from '@fleetune/core';
import type { Assignment } from '@fleetune/protocol';
import { httpConnection, httpLink } from '@fleetune/protocol/node';
import { protocolWorker } from './protocol-worker.ts';

const POLL_MS = 5000;

const [workers = 0, rate = 0, seconds = 0] = process.argv.slice(2).map(Number);
const { url, token } = JSON.parse(readFileSync(0, 'utf8')) as { url: string; token: string };
const link = httpLink(httpConnection(url, token));
/** Trials as long as it takes for so many workers to bring so many results in a second. */
const meanMs = (1000 * workers) / rate;
const answerMs: number[] = [];
let ready = 0;
let measuring = false;
let over = false;

/** One slot: while its trial runs, a long poll is open, as a real worker has it. */
async function work(index: number): Promise<void> {
  const worker = protocolWorker(link, `bench-${index}`, 1);
  const random = randomStream(1, index, 'trial lengths');
  // All at once would be another figure.
  await setTimeout(random.next() * 5000);
  await worker.register();
  let trial = (await worker.exchange([], [0]))[0];
  while (trial === undefined) trial = (await worker.poll([0], POLL_MS)).trials[0];
  ready += 1;
  let wait = random.next() * meanMs;
  while (!over) {
    await heartbeats(worker, wait);
    trial = await bringResult(worker, trial);
    wait = (0.5 + random.next()) * meanMs;
  }
}
