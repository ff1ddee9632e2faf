// Ten thousand connections that say nothing, or said something once: the server goes on, and holds little for each.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { httpConnection, studyClient, type StudyClient } from '@fleetune/protocol/node';
import { afterEach, expect, it } from 'vitest';
import { root } from './command.ts';

const entry = join(root, 'packages/coordinator/http/testing/serve-forever.ts');
const token = 'a token for this test';
const WANTED = 10_000;
/** Files that a process has open beside its connections. */
const OTHERS = 500;
const MOST_BYTES_EACH = 40_000;

let server: ChildProcess;
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.stdin?.end();
});

it('idle connections keep nobody from an answer, and cost little', async () => {
  // Node.js raises its own limit to the hard one.
  const limit = execFileSync('sh', ['-c', 'ulimit -H -n'], { encoding: 'utf8' }).trim();
  const count = limit === 'unlimited' ? WANTED : Math.min(WANTED, Number(limit) - OTHERS);
  if (count < WANTED) console.warn(`${count} connections: the limit of open files allows no more`);
  const url = await start();
  const connection = httpConnection(url, token);
  const client = studyClient(connection);
  const before = await memoryOf(client);
  const port = Number(new URL(url).port);
  for (let k = 0; k < count; k += 500) {
    await Promise.all(Array.from({ length: Math.min(500, count - k) }, () => open(port)));
    expect(await client.health()).toMatchObject({ ok: true });
  }
  expect(await client.enqueueTrial({ name: 'served', params: { x: 0.5 } })).toEqual({ trial: 0 });
  const each = ((await memoryOf(client)) - before) / count;
  expect(each).toBeLessThan(MOST_BYTES_EACH);
  for (const socket of sockets) socket.destroy();
  expect(await client.health()).toMatchObject({ ok: true });
  connection.close();
});

async function start(): Promise<string> {
  server = spawn(process.execPath, [entry], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: server.stdout! }), 'line')) as [string];
  return line;
}

/** Half of them ask once and stay, the others never say a word. */
async function open(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (sockets.length % 2 === 0) return;
  socket.write('GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
}

async function memoryOf(client: StudyClient): Promise<number> {
  const text = await client.metrics({ signal: AbortSignal.timeout(30_000) });
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)![1]);
}
