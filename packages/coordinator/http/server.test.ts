import { readStudy, type StudyEvent, type StudySpec } from '@fleetune/core';
import { systemClock } from '@fleetune/platform/node';
import { PROTOCOL, type ExchangeRequest } from '@fleetune/protocol';
import { httpConnection, httpLink, studyClient } from '@fleetune/protocol/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCoordinator, type Coordinator } from '../coordinator.ts';
import { memoryStore } from '../store/index.ts';
import { oneToken } from '../auth/access.ts';
import { serveHttp, type HttpServer } from './server.ts';

const token = 'a token for this test';
let coordinator: Coordinator;
let server: HttpServer;
let done: Promise<unknown>;

beforeEach(async () => {
  coordinator = createCoordinator(memoryStore(), systemClock);
  const host = await coordinator.open(spec());
  done = coordinator.run(host, { slots: 1, keepGoing: false, files: '/tmp' });
  server = await serveHttp(coordinator, {
    access: oneToken(token),
    host: '127.0.0.1',
    port: 0,
    version: 'test',
  });
});

afterEach(async () => {
  coordinator.quit('the test is over');
  await server.close();
});

describe('a request', () => {
  it('without the token, or with another one, reads nothing', async () => {
    for (const authorization of [undefined, 'Bearer another', token, `Basic ${token}`]) {
      const response = await call('GET', '/studies/served', undefined, { authorization });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'auth.token' });
    }
  });

  it('for a route that does not exist is answered 404 with its error', async () => {
    const response = await call('GET', '/nothing');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'request.route' });
  });

  it('with a method that its path does not know is answered 405, with those that it knows', async () => {
    for (const [method, path, allowed] of [
      ['PUT', '/studies?x=1', 'GET, POST'],
      ['DELETE', '/studies/served/trials/0', 'GET'],
      ['GET', '/exchange', 'POST'],
      ['QUERY', '/health', 'GET'],
    ] as const) {
      const response = await call(method, path);
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe(allowed);
      expect(await response.json()).toMatchObject({ code: 'request.method' });
    }
  });

  it('for a study that does not exist is answered 404 with its error', async () => {
    const response = await call('GET', '/studies/other');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'study.not-found' });
  });

  it.each([
    ['no JSON', '{"protocol":'],
    ['no object', '[]'],
    ['a missing key', JSON.stringify({ ...exchange(), worker: undefined })],
    ['a value of the wrong type', JSON.stringify({ ...exchange(), seq: '1' })],
    ['a value out of range', JSON.stringify({ ...exchange(), waitMs: -1 })],
  ])('with %s in its body is answered 400 and changes nothing', async (_, body) => {
    const before = coordinator.host('served').state.lastEvent;
    const response = await call('POST', '/exchange', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'request.invalid' });
    expect(coordinator.host('served').state.lastEvent).toBe(before);
  });

  it('names the place of what is wrong', async () => {
    const response = await call('POST', '/exchange', JSON.stringify({ ...exchange(), seq: '1' }));
    expect(await response.json()).toMatchObject({ place: 'body.seq' });
  });

  it('with a body beyond the limit is answered 413', async () => {
    const body = JSON.stringify({ params: { x: 'x'.repeat(9_000_000) } });
    const response = await call('POST', '/studies/served/trials', body);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'request.too-large' });
  });

  it('with another content type is answered 415', async () => {
    const headers = { 'content-type': 'text/plain' };
    const response = await call('POST', '/exchange', 'hello', headers);
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'request.media-type' });
  });
});

describe('a worker', () => {
  it('registers, gets a trial and returns its result over HTTP', async () => {
    const connection = httpConnection(server.url, token);
    const link = httpLink(connection);
    await link.register(registration);
    const { trials } = await link.exchange({ ...exchange(), free: [0] });
    expect(trials).toMatchObject([{ study: 'served', trial: 0, attempt: 1, slot: 0 }]);
    const attempt = { study: 'served', trial: 0, attempt: 1 };
    const columns = { step: [1], metrics: { loss: ['Infinity' as const] } };
    const ended = { ...attempt, end: 'completed' as const, why: '', slot: 0 };
    const answer = await link.exchange({
      ...exchange(),
      seq: 2,
      reports: [{ ...attempt, from: 0, columns }],
      ended: [{ ...ended, spawnedUs: 1, exitedUs: 2 }],
    });
    expect(answer.rejected).toEqual([]);
    expect(coordinator.host('served').state.trials[0]).toMatchObject({ state: 'completed' });
    await link.exchange({ ...exchange(), seq: 3, leaving: true });
    connection.close();
  });

  it('that is not registered hears it as an error of the table', async () => {
    const connection = httpConnection(server.url, token);
    await expect(httpLink(connection).exchange(exchange())).rejects.toMatchObject({
      code: 'worker.unknown',
    });
    connection.close();
  });

  it('of another protocol is refused', async () => {
    const connection = httpConnection(server.url, token);
    const other = { ...registration, protocol: PROTOCOL + 1 };
    await expect(httpLink(connection).register(other)).rejects.toMatchObject({
      code: 'worker.protocol',
    });
    connection.close();
  });

  it('whose coordinator is gone gets a retryable error', async () => {
    const connection = httpConnection('http://127.0.0.1:9', token);
    await expect(httpLink(connection).exchange(exchange())).rejects.toMatchObject({
      info: { code: 'coordinator.unreachable', retryable: true },
    });
    connection.close();
  });
});

describe('a person', () => {
  it('reads the status, enqueues a trial and stops the study', async () => {
    const connection = httpConnection(server.url, token);
    const client = studyClient(connection);
    expect(await client.studyStatus({ name: 'served' })).toMatchObject({
      name: 'served',
      state: 'running',
    });
    expect(await client.enqueueTrial({ name: 'served', params: { x: 0.25 } })).toEqual({
      trial: 0,
    });
    await expect(client.enqueueTrial({ name: 'served', params: { x: 2 } })).rejects.toMatchObject({
      info: { place: expect.stringContaining('x') as string },
    });
    await client.stopTrial({ name: 'served', trial: 0, reason: 'not this one' });
    expect((await client.studyStatus({ name: 'served' })).trials).toMatchObject({ queued: 0 });
    await client.stopStudy({ name: 'served', reason: 'seen enough' });
    const link = httpLink(connection);
    await link.register(registration);
    const { commands } = await link.exchange({ ...exchange(), free: [0], waitMs: 1000 });
    expect(commands).toMatchObject([{ command: 'quit' }]);
    await link.exchange({ ...exchange(), seq: 2, leaving: true });
    expect(await done).toBe('stopped');
    connection.close();
  });
});

describe('the OpenAPI document', () => {
  it('describes the routes of workers, of people and of events', async () => {
    const response = await call('GET', '/openapi.json');
    const document = (await response.json()) as { openapi: string; paths: object };
    expect(document.openapi).toBe('3.1.0');
    const paths = ['workers', 'exchange', 'studies/{name}', 'studies/{name}/events'];
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(paths.map((path) => `/api/v1/${path}`)),
    );
  });
});

describe('the events of a study', () => {
  it('come from the first, or after the last one that the reader has', async () => {
    await coordinator.enqueue(coordinator.host('served'), { x: 0.5 });
    const { lastEvent } = coordinator.host('served').state;
    expect((await read('', lastEvent)).map(({ id }) => id)).toEqual(
      Array.from({ length: lastEvent }, (_, index) => index + 1),
    );
    expect((await read(`?after=${lastEvent - 1}`, 1)).map(({ id }) => id)).toEqual([lastEvent]);
  });

  it('come as they happen, each once', async () => {
    const host = coordinator.host('served');
    const first = host.state.lastEvent;
    const events = read(`?after=${first}`, 2);
    await coordinator.enqueue(host, { x: 0.5 });
    await coordinator.enqueue(host, { x: 0.6 });
    expect((await events).map(({ id, kind }) => [id, kind])).toEqual([
      [first + 1, 'trial-created'],
      [first + 2, 'trial-created'],
    ]);
  });
});

const registration = {
  protocol: PROTOCOL,
  worker: 'w',
  incarnation: 'w1',
  host: 'test',
  pid: 1,
  slots: 1,
};

function exchange(): ExchangeRequest {
  const identity = { protocol: PROTOCOL, worker: 'w', incarnation: 'w1' };
  return { ...identity, seq: 1, nowUs: 0, ended: [], reports: [], free: [], waitMs: 0 };
}

function call(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string | undefined> = {},
): Promise<Response> {
  const all = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
  const sent = Object.entries(all).filter((entry): entry is [string, string] => !!entry[1]);
  return fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: body === undefined ? sent.filter(([name]) => name !== 'content-type') : sent,
    ...(body !== undefined && { body }),
  });
}

/** The first `count` events of the stream. */
async function read(query: string, count: number): Promise<StudyEvent[]> {
  const response = await call('GET', `/studies/served/events${query}`);
  const events: StudyEvent[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const whole = text.split('\n\n');
    text = whole.pop()!;
    for (const message of whole) {
      events.push(JSON.parse(/^data: (.*)$/m.exec(message)![1]!) as StudyEvent);
    }
    if (events.length >= count) break;
  }
  return events;
}

function spec(): StudySpec {
  const raw = {
    name: 'served',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    budget: { trials: 9 },
    command: ['true'],
  };
  const result = readStudy(raw, { cwd: '/tmp', seed: 1 });
  if ('errors' in result) throw new Error(JSON.stringify(result.errors));
  return result.spec;
}
