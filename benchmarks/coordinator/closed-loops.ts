// Clients that bring a result and take the next trial as fast as they are answered:
// `node closed-loops.ts exchange|ask-tell CLIENTS SLOTS SECONDS`, with {"url", "token"} on standard input.
// Prints {"trials", "seconds", "exchanges", "answerMs"}.

import { readFileSync } from 'node:fs';
import { httpConnection, httpLink, studyClient } from '@fleetune/protocol/node';
import { protocolWorker } from './protocol-worker.ts';
import { objective, study } from './study.ts';

const [kind = '', clients = '', slots = '', seconds = ''] = process.argv.slice(2);
const { url, token } = JSON.parse(readFileSync(0, 'utf8')) as { url: string; token: string };
const connection = httpConnection(url, token);
const start = performance.now();
const over = (): boolean => performance.now() - start >= 1000 * Number(seconds);
const answerMs: number[] = [];
let trials = 0;

async function timed<T>(call: () => Promise<T>): Promise<T> {
  const sent = performance.now();
  const answer = await call();
  answerMs.push(performance.now() - sent);
  return answer;
}

/** All slots of a worker end at once: one request brings their results and takes their next trials. */
async function exchanging(client: number): Promise<void> {
  const worker = protocolWorker(httpLink(connection), `bench-${client}`, Number(slots));
  await worker.register();
  const free = Array.from({ length: Number(slots) }, (_, slot) => slot);
  let assigned = await worker.exchange([], free);
  while (!over()) {
    const done = assigned;
    assigned = await timed(() => worker.exchange(done, free));
    trials += done.length;
    while (assigned.length === 0 && !over()) assigned = (await worker.poll(free, 1000)).trials;
  }
}

async function askingAndTelling(): Promise<void> {
  const client = studyClient(connection);
  const { name } = study;
  while (!over()) {
    const { trial, attempt, params } = await timed(() => client.ask({ name }));
    if (trial === undefined || attempt === undefined || params === undefined) continue;
    const metrics = { value: objective(params) };
    await timed(() => client.tell({ name, trial, attempt, metrics }));
    trials += 1;
  }
}

const client = kind === 'exchange' ? exchanging : askingAndTelling;
await Promise.all(Array.from({ length: Number(clients) }, (_, index) => client(index)));
const spent = (performance.now() - start) / 1000;
console.log(JSON.stringify({ trials, seconds: spent, exchanges: answerMs.length, answerMs }));
process.exit(0);
