// What this machine allows: answers like a coordinator, and knows nothing. Each answer but a poll's waits for one write
// of a database page and its sync; what came in the same turn of the event loop shares them. `node bare-server.ts FOLDER`
// prints {"url", "token"}.

import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { Assignment, ExchangeRequest } from '@fleetune/protocol';

const file = openSync(join(process.argv[2] ?? '.', 'bare'), 'w');
const page = Buffer.alloc(4096, 1);
const params = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`x${i}`, Math.sqrt(i + 2)]));
let trial = 0;
let synced: Promise<void> | undefined;

const server = createServer((request, response) => {
  void answerTo(request).then((answer) => {
    const body = JSON.stringify(answer);
    const type = { 'content-type': 'application/json', 'content-length': body.length };
    response.writeHead(200, type).end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, token: 'bare' }));
});

async function answerTo(request: IncomingMessage): Promise<object> {
  const body: unknown = JSON.parse(await text(request));
  if (request.url!.endsWith('/exchange')) return exchange(body as ExchangeRequest);
  await durable();
  if (request.url!.endsWith('/ask')) return { trial: ++trial, attempt: 1, params, leaseMs: 1 };
  return { state: 'completed', leaseMs: 1 };
}

async function exchange({ seq, waitMs, free }: ExchangeRequest): Promise<object> {
  if (waitMs > 0) {
    await setTimeout(waitMs);
    return { seq, trials: [], commands: [], rejected: [] };
  }
  await durable();
  const trials = free.map((slot): Partial<Assignment> => {
    return { study: 'bench', trial: ++trial, attempt: 1, slot, params };
  });
  return { seq, trials, commands: [], rejected: [] };
}

function durable(): Promise<void> {
  synced ??= new Promise((resolve) => {
    setImmediate(() => {
      synced = undefined;
      writeSync(file, page);
      fdatasyncSync(file);
      resolve();
    });
  });
  return synced;
}
