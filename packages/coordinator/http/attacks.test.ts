// Whatever is sent: the right status, a code of the table, nothing changed, and the server goes on.

import { errorTable } from '@fleetune/core';
import { systemClock } from '@fleetune/platform/node';
import { PROTOCOL, type Ended, type Reports } from '@fleetune/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import {
  exchange,
  registration,
  serve,
  token,
  untilClosed,
  type Answer,
  type Served,
} from './testing/served.ts';

const api = '/api/v1';
let served: Served;
/** The machine's clock, as far as the coordinator can see. */
let jumpMs = 0;

beforeEach(async () => {
  jumpMs = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + jumpMs };
  served = await serve({}, { clock });
});

afterEach(() => served.close());

describe('a body', () => {
  it.each([
    ['cut off', '{"params":{"x":'],
    ['empty', ''],
    ['of another kind', '[1,2]'],
    ['that is only a number', '7'],
    ['with a byte order mark inside', '{"params":\uFEFF{}}'],
    ['with a key twice, the last one wrong', '{"params":{"x":0.5},"params":3}'],
    ['that reaches for the prototype', '{"params":{"x":0.5},"__proto__":{"params":{}}}'],
    ['that reaches for the constructor', '{"constructor":{"prototype":{"x":1}},"params":{"x":1}}'],
    ['with a number beyond all numbers', '{"params":{"x":1e999}}'],
    ['with a value that is an object', '{"params":{"x":{"toString":1}}}'],
  ])('%s is refused', async (_, body) => {
    await expectNothing(400, () => post('/studies/served/trials', body));
  });

  it('nested a million deep is refused, wherever it may be open', async () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const bodies = [
      ['/studies/served/trials', deep(1_000_000)],
      ['/studies/served/trials', `{"params":{"x":${deep(1_000_000)}}}`],
      ['/studies', `{"file":{"name":"n","space":${deep(1_000_000)}}}`],
      ['/studies', `{"file":${'{"a":'.repeat(900_000)}1${'}'.repeat(900_000)}}`],
      ['/exchange', JSON.stringify(exchange()).replace('"free":[]', `"free":${deep(1_000_000)}`)],
    ];
    for (const [path, body] of bodies) await expectNothing(400, () => post(path!, body));
  });

  it('larger than the limit is refused, also when its length is not said', async () => {
    const large = JSON.stringify({ params: { x: 'x'.repeat(LIMITS.bodyBytes) } });
    await expectNothing(413, () => post('/studies/served/trials', large));
    const answer = await served.send(
      `POST ${api}/studies/served/trials HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n' +
        `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`,
    );
    expect(answer).toContain(' 413 ');
    expect(answer).toContain('request.too-large');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'text/json',
    'application/json/../xml',
  ])('of the type %s is refused', async (type) => {
    await expectNothing(415, () =>
      served.call('POST', `${api}/exchange`, '{"x":1}', { 'content-type': type }),
    );
  });

  it('is not read before the token has been seen', async () => {
    const answer = await served.call('POST', `${api}/exchange`, '{', { authorization: undefined });
    expect(answer).toMatchObject({ status: 401, body: { code: 'auth.token' } });
  });
});

describe('a name', () => {
  const tricks = [
    ...['..', '.', '%2e%2e', '..%2f..%2fetc%2fpasswd', 'a%2fb', 'a%5cb', 'a%00b', '%00'],
    ...['%F0%9F%92%A5', '%ff', '-rf', '__proto__', '%20', 'a%0d%0aX-Y:%20z', 'x'.repeat(10_000)],
  ];

  it.each(tricks)('like %s finds nothing and makes nothing', async (name) => {
    for (const path of [`studies/${name}/trials/0`, `studies/served/trials/${name}`]) {
      const answer = await raw('GET', `${api}/${path}`);
      expect([400, 404]).toContain(answer.status);
      expect(Object.keys(errorTable)).toContain(answer.body.code);
    }
    await expectNothing([400, 404], () =>
      raw('POST', `${api}/workers/${name}/stop`, { reason: 'x' }),
    );
  });

  it('of a study or a worker is letters, digits and a few marks, before anything is made', async () => {
    const bad = [
      '..',
      '../x',
      'a/b',
      'a\0b',
      'a\nb',
      '💥',
      '',
      'x'.repeat(10_000),
      '-x',
      'ask/0.1',
    ];
    for (const name of bad) {
      const file = {
        ...{ name, objective: { metric: 'loss', direction: 'minimize' } },
        space: { x: { type: 'float', low: 0, high: 1 } },
      };
      await expectNothing(400, () => post('/studies', { file }));
      await expectNothing(400, () => post('/workers', registration({ worker: name })));
    }
    expect(served.coordinator.studies().length).toBe(1);
    expect(served.coordinator.workers()).toEqual([]);
  });

  it('in the path is not overridden by one in the body', async () => {
    await post('/studies/served/trials', { params: { x: 0.5 } });
    const body = { reason: 'x', name: 'served', trial: 0 };
    const path = '/studies/other/trials/7/stop';
    await expectNothing(404, () => post(path, body));
    await expectNothing(404, () => post('/studies/served/trials/7/stop', body));
  });

  it('in a request line that is too long is refused', async () => {
    const line = `GET ${api}/studies/${'x'.repeat(LIMITS.headerBytes)} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const answer = await served.send(line);
    expect(answer).toContain(' 431 ');
    expect(answer).toContain('request.header-too-large');
  });
});

describe('a token', () => {
  it.each([
    ['none', undefined],
    ['an empty one', 'Bearer '],
    ['another', 'Bearer another token, quite long'],
    ['without its scheme', token],
    ['of another scheme', `Basic ${token}`],
    ['cut short', `Bearer ${token.slice(0, -1)}`],
    ['with more behind it', `Bearer ${token}x`],
    ['in another case', `Bearer ${token.toUpperCase()}`],
    ['10,000 characters long', `Bearer ${'x'.repeat(10_000)}`],
  ])('%s opens nothing', async (_, authorization) => {
    for (const [method, path] of [
      ['GET', '/studies'],
      ['POST', '/exchange'],
      ['GET', '/studies/served/events'],
      ['GET', '/metrics'],
      ['GET', '/openapi.json'],
      ['DELETE', '/studies/served'],
      ['GET', '/nothing'],
      ['PUT', '/studies/served'],
      ['GET', '/../../health'],
    ] as const) {
      const answer = await served.call(method, `${api}${path}`, undefined, { authorization });
      expect(answer).toMatchObject({ status: 401, body: { code: 'auth.token' } });
    }
  });

  it('in the address counts for nothing', async () => {
    const path = `${api}/studies?token=${token}&access_token=${token}`;
    const answer = await served.call('GET', path, undefined, { authorization: undefined });
    expect(answer.status).toBe(401);
  });

  it('is not needed to hear that the server is there, and that is all that is heard', async () => {
    const answer = await served.call('GET', `${api}/health`, undefined, {
      authorization: undefined,
    });
    expect(answer).toEqual({ status: 200, body: { ok: true, version: 'test' } });
  });
});

describe('a worker', () => {
  it('of another protocol is refused, in whatever it says', async () => {
    await expectNothing(409, () => post('/workers', registration({ protocol: PROTOCOL + 1 })));
    await post('/workers', registration());
    await expectNothing(409, () => post('/exchange', exchange({ protocol: PROTOCOL + 1 })));
    await expectNothing(409, () => post('/exchange', exchange({ protocol: -1 })));
  });

  it('that repeats itself is answered the same, and counts once', async () => {
    const { ended } = await startTrial();
    const told = exchange({ seq: 2, ended: [ended] });
    const first = await post('/exchange', told);
    const { lastEvent } = served.host.state;
    for (let k = 0; k < 5; k++) expect(await post('/exchange', told)).toEqual(first);
    expect(served.host.state.lastEvent).toBe(lastEvent);
    expect(served.host.state.counts.failed + served.host.state.counts.completed).toBe(1);
  });

  it('whose requests come in another order is refused the older ones', async () => {
    const { ended } = await startTrial();
    await post('/exchange', exchange({ seq: 5 }));
    await expectNothing(409, () => post('/exchange', exchange({ seq: 4, ended: [ended] })));
    expect(served.host.state.counts.running).toBe(1);
  });

  it('cannot report or end the trial of another', async () => {
    const { ended, reports } = await startTrial();
    await post('/workers', registration({ worker: 'thief', incarnation: 't1' }));
    const { lastEvent } = served.host.state;
    const identity = { worker: 'thief', incarnation: 't1' };
    const answer = await post(
      '/exchange',
      exchange({ ...identity, ended: [ended], reports: [reports] }),
    );
    expect(answer.body['rejected']).toMatchObject([
      { trial: 0, code: 'attempt.stale' },
      { trial: 0, code: 'attempt.stale' },
    ]);
    expect(served.host.state.lastEvent).toBe(lastEvent);
    for (const call of ['report', 'tell']) {
      await expectNothing(409, () =>
        post(`/studies/served/trials/0/${call}`, { attempt: 1, metrics: { loss: 0 } }),
      );
    }
  });

  it('under the name of another is refused', async () => {
    await startTrial();
    await expectNothing(409, () => post('/exchange', exchange({ seq: 9, incarnation: 'other' })));
  });

  it.each([
    ['beyond', { free: [1] }],
    ['far beyond', { free: [0, 4_294_967_296] }],
    ['beyond, in reserve', { reserve: [7] }],
    ['negative', { free: [-1] }],
    ['in parts', { free: [0.5] }],
    ['that is a text', { free: ['0' as unknown as number] }],
  ])('that speaks of a slot %s is refused', async (_, lie) => {
    await post('/workers', registration());
    await expectNothing(400, () => post('/exchange', exchange(lie)));
  });

  it('that calls one slot free many times gets one trial', async () => {
    await post('/workers', registration());
    const free = Array<number>(10_000).fill(0);
    const answer = await post('/exchange', exchange({ free }));
    expect(answer.body['trials']).toHaveLength(1);
    const again = await post('/exchange', exchange({ seq: 2, free }));
    expect(served.host.state.counts.running).toBe(1);
    expect(again.status).toBe(200);
  });

  it('with more slots than there can be is refused', async () => {
    for (const slots of [0, -1, 10_001, 1e308, 1.5]) {
      await expectNothing(400, () => post('/workers', registration({ slots })));
    }
  });

  it('with a time beyond all times is refused', async () => {
    const { ended } = await startTrial();
    for (const late of [{ nowUs: 9e15 }, { ended: [{ ...ended, exitedUs: 9e15 }] }]) {
      await expectNothing(400, () => post('/exchange', exchange({ seq: 2, ...late })));
    }
  });

  it.each([
    ['its end', [1000], 4e15],
    ['its clock', [1000, 4e15], 4e15],
    ['its clock, bit by bit', [3_000e6, 6_000e6, 9_000e6, 12_000e6], 12_000e6],
  ])('that lies about %s has no more time booked than there was', async (_, clock, exitedUs) => {
    const { ended } = await startTrial();
    const facts = [
      ...clock.map(() => ({})),
      { ended: [{ ...ended, exitedUs }] },
      { leaving: true },
    ];
    for (const [index, words] of facts.entries()) {
      const nowUs = clock[index] ?? clock.at(-1)!;
      await post('/exchange', exchange({ seq: 2 + index, nowUs, ...words }));
    }
    const { allocatedUs, busyUs } = served.host.state.ledger.totals;
    expect(busyUs).toBeLessThanOrEqual(allocatedUs);
    // An hour is what a worker may have waited before it could register.
    expect(allocatedUs).toBeLessThan(3_700e6);
  });

  it('ends no trial on a slot that it does not have', async () => {
    const { ended } = await startTrial();
    const lie = { ...ended, slot: 3 };
    await expectNothing(400, () => post('/exchange', exchange({ seq: 2, ended: [lie] })));
    expect(served.host.state.counts.running).toBe(1);
  });
});

describe('a clock that jumps', () => {
  it('by a day, to and fro, loses no worker and turns no time back', async () => {
    const { ended } = await startTrial();
    const day = 86_400_000;
    for (const [seq, jump] of [day, -day, 0, -2 * day].entries()) {
      jumpMs = jump;
      expect((await post('/exchange', exchange({ seq: seq + 2 }))).status).toBe(200);
      await post('/studies/served/trials', { params: { x: 0.5 } });
    }
    await post('/exchange', exchange({ seq: 9, ended: [ended] }));
    const events = [...served.coordinator.events(served.host, 0)];
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
    expect(served.host.state.failures['lost']).toBeUndefined();
  });
});

describe('a slow client', () => {
  it.each([
    ['its headers', `POST ${api}/exchange HTTP/1.1\r\nHost: x\r\nX-Slow: `],
    [
      'its body',
      `POST ${api}/exchange HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"protocol":',
    ],
    ['nothing at all', ''],
  ])('that dribbles %s is hung up on', async (_, beginning) => {
    const limits = { headersTimeoutMs: 200, requestTimeoutMs: 400, timeoutCheckMs: 50 };
    const impatient = await serve({ limits });
    const socket = await impatient.open();
    const closed = untilClosed(socket);
    socket.write(beginning);
    const dribble = setInterval(() => beginning !== '' && socket.write('x'), 20);
    const answer = await closed;
    clearInterval(dribble);
    expect(answer).toContain(' 408 ');
    expect(answer).toContain('request.timeout');
    await impatient.close();
  });

  it('that speaks no HTTP is told so', async () => {
    const answer = await served.send('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n');
    expect(answer).toContain(' 400 ');
    expect(answer).toContain('request.invalid');
  });
});

function post(path: string, body: unknown): Promise<Answer> {
  return served.call('POST', `${api}${path}`, body);
}

/** As it is: fetch would tidy the path up. */
async function raw(method: string, path: string, body?: object): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const answer = await served.send(
    `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n` +
      (body === undefined ? '' : 'Content-Type: application/json\r\n') +
      `Content-Length: ${text.length}\r\n\r\n${text}`,
  );
  const status = Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]);
  return { status, body: JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Answer['body'] };
}

/** Refused with a code of the table, and its status; the study and the workers are as they were. */
async function expectNothing(
  status: number | number[],
  attack: () => Promise<Answer>,
): Promise<void> {
  const before = {
    event: served.host.state.lastEvent,
    workers: served.coordinator.workers().length,
  };
  const answer = await attack();
  expect([status].flat(), JSON.stringify(answer.body)).toContain(answer.status);
  const { code } = answer.body;
  expect(Object.keys(errorTable)).toContain(code);
  expect(errorTable[code as keyof typeof errorTable].status).toBe(answer.status);
  const { lastEvent } = served.host.state;
  expect({ event: lastEvent, workers: served.coordinator.workers().length }).toEqual(before);
}

/** Worker `w` runs trial 0. */
async function startTrial(): Promise<{ ended: Ended; reports: Reports }> {
  await post('/workers', registration());
  await post('/exchange', exchange({ free: [0] }));
  const attempt = { study: 'served', trial: 0, attempt: 1 };
  const columns = { step: [1], metrics: { loss: [0] } };
  const times = { slot: 0, spawnedUs: 1, exitedUs: 2 };
  return {
    ended: { ...attempt, end: 'completed', why: '', ...times },
    reports: { ...attempt, from: 0, columns },
  };
}
