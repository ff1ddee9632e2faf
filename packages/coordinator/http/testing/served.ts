// A real server with one study that runs, for tests of what people and attackers send.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { readStudy, type StudySpec } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import { systemClock } from '@fleetune/platform/node';
import { PROTOCOL, type ExchangeRequest, type RegisterRequest } from '@fleetune/protocol';
import { oneToken } from '../../auth/access.ts';
import { createCoordinator, type Coordinator } from '../../coordinator.ts';
import { memoryStore } from '../../store/index.ts';
import type { StudyHost } from '../../study-host.ts';
import { serveHttp, type HttpOptions } from '../server.ts';

export const token = 'a token for this test';

export interface Served {
  coordinator: Coordinator;
  /** The study `served`, whose trials go to workers. */
  host: StudyHost;
  url: string;
  port: number;
  /** A call with JSON, as fetch makes it. */
  call(method: string, path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  /** Sends this very text on a connection of its own; resolves with what comes until it is closed. */
  send(text: string): Promise<string>;
  open(): Promise<Socket>;
  close(): Promise<void>;
}

export type Headers = Record<string, string | undefined>;

export interface Answer {
  status: number;
  body: { code?: string; place?: string; message?: string; [key: string]: unknown };
}

export async function serve(
  options: Partial<HttpOptions> = {},
  { clock = systemClock, embedded = false }: { clock?: Clock; embedded?: boolean } = {},
): Promise<Served> {
  const coordinator = createCoordinator(memoryStore(), clock);
  const host = await coordinator.open(served());
  const run = { keepGoing: true, files: '/tmp', shared: true };
  void coordinator.run(host, run).catch(() => undefined);
  await host.commit();
  const submissions = { filesOf: () => '/tmp', cwd: '/tmp', seed: () => 7 };
  const server = await serveHttp(coordinator, {
    ...{ access: oneToken(token), host: '127.0.0.1', port: 0, version: 'test' },
    ...(embedded ? {} : { submissions }),
    ...options,
  });
  const port = Number(new URL(server.url).port);

  async function open(): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  return {
    coordinator,
    host,
    url: server.url,
    port,
    open,
    call: (method, path, body, headers = {}) => call(`${server.url}${path}`, method, body, headers),
    async send(text) {
      const socket = await open();
      socket.write(text);
      return untilClosed(socket);
    },
    async close() {
      await server.close();
      await coordinator.shutdown();
    },
  };
}

async function call(url: string, method: string, body: unknown, more: Headers): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...more,
  };
  const sent = Object.entries(headers).filter((entry): entry is [string, string] => !!entry[1]);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: sent,
    ...(body !== undefined && { body: text }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

export async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}

export function registration(changes: Partial<RegisterRequest> = {}): RegisterRequest {
  return {
    ...{ protocol: PROTOCOL, worker: 'w', incarnation: 'w1', host: 'h', pid: 1, slots: 1 },
    ...changes,
  };
}

export function exchange(changes: Partial<ExchangeRequest> = {}): ExchangeRequest {
  return {
    ...{ protocol: PROTOCOL, worker: 'w', incarnation: 'w1', seq: 1, nowUs: 0 },
    ...{ ended: [], reports: [], free: [], waitMs: 0 },
    ...changes,
  };
}

export function served(): StudySpec {
  const raw = {
    name: 'served',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    budget: { trials: 1000 },
    command: ['true'],
  };
  const read = readStudy(raw, { cwd: '/tmp', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}
