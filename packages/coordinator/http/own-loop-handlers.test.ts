import { aboutTrial } from '@fleetune/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serve, token, type Answer, type Served } from './testing/served.ts';

const study = {
  name: 'own',
  objective: { metric: 'loss', direction: 'minimize' },
  space: { x: { type: 'float', low: 0, high: 1 } },
  budget: { trials: 1 },
};
let served: Served;

beforeEach(async () => {
  served = await serve();
  await post('/studies', { file: study });
});

afterEach(() => served.close());

it('a trial goes to nobody who hung up while waiting for it', async () => {
  await post('/studies/own/ask', {});
  const host = served.coordinator.host('own');
  const socket = await served.open();
  const body = JSON.stringify({ waitMs: 60_000 });
  socket.write(
    `POST /api/v1/studies/own/ask HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const other = post('/studies/own/ask', { waitMs: 60_000 });
  // Whoever asks next is answered at once: by then the one before waits.
  expect((await post('/studies/own/ask', { waitMs: 0 })).body).toHaveProperty('wait');
  socket.destroy();
  // The server has heard of that before it answers these.
  for (let k = 0; k < 2; k++) await post('/studies/own/ask', { waitMs: 0 });
  await post('/studies/own/trials/0/tell', { attempt: 1, end: 'crashed' });
  expect((await other).body).toMatchObject({ trial: 0, attempt: 2 });
  expect(host.state.counts.running).toBe(1);
});

it('a lease is as long as was asked for, and a day at most', async () => {
  const refused = await post('/studies/own/ask', { leaseMs: 86_400_001 });
  expect(refused).toMatchObject({ status: 400, body: { place: 'body.leaseMs' } });
  const asked = await post('/studies/own/ask', { leaseMs: 86_400_000 });
  expect(asked.body).toMatchObject({ trial: 0, leaseMs: 86_400_000 });
});

it('a process that runs its own study starts no other, and hands out trials of its own', async () => {
  const embedded = await serve({}, { embedded: true });
  const ask = (name: string) => embedded.call('POST', `/api/v1/studies/${name}/ask`, {});
  expect(await ask('served')).toMatchObject({ status: 200, body: { trial: 0 } });
  const submitted = await embedded.call('POST', '/api/v1/studies', { file: study });
  expect(submitted).toMatchObject({ status: 409, body: { code: 'request.embedded' } });
  await embedded.close();
});

it('a study that has ended can be asked again once its budget is raised', async () => {
  await post('/studies/own/ask', {});
  await post('/studies/own/trials/0/tell', { attempt: 1, metrics: { loss: 1 } });
  const ended = await post('/studies/own/ask', {});
  expect(ended.body).toMatchObject({ ended: { end: 'budget-trials' } });
  await post('/studies', { file: { ...study, budget: { trials: 2 } } });
  expect((await post('/studies/own/ask', {})).body).toMatchObject({ trial: 1 });
});

it('what the log says of a trial is told from its creation on, with nothing of others', async () => {
  await post('/studies', { file: { ...study, budget: { trials: 2 } } });
  for (const trial of [0, 1]) {
    await post('/studies/own/ask', {});
    const path = `/studies/own/trials/${trial}`;
    for (const loss of [3, 2]) await post(`${path}/report`, { attempt: 1, metrics: { loss } });
    await post(`${path}/tell`, { attempt: 1, metrics: { loss: 1 } });
  }
  const told = await served.call('GET', '/api/v1/studies/own/trials/1/events');
  const log = [...served.coordinator.events(served.coordinator.host('own'), 0)];
  const about = log.flatMap((event) => aboutTrial(event, 1) ?? []);
  expect(about.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['trial-created', 'attempt-started', 'reports', 'trial-ended']),
  );
  expect(told).toMatchObject({ status: 200, body: about });
  const missing = await served.call('GET', '/api/v1/studies/own/trials/2/events');
  expect(missing).toMatchObject({ status: 404, body: { code: 'trial.not-found' } });
});

function post(path: string, body: object): Promise<Answer> {
  return served.call('POST', `/api/v1${path}`, body);
}
