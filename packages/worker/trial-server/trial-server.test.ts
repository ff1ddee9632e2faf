import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemRandom } from '@fleetune/platform/node';
import { startTrialServer, type ReportAnswer, type TrialServer } from './trial-server.ts';

let server: TrialServer;
let told: { step: number | undefined; metrics: Record<string, unknown> }[];
beforeEach(async () => {
  server = await startTrialServer(systemRandom);
  told = [];
});
afterEach(() => server.close());

function open(answer: ReportAnswer = { stop: false }) {
  return server.open({
    info: () => ({ params: { lr: 1 }, checkpointDir: '/c' }),
    report(step, metrics) {
      told.push({ step, metrics });
      return Promise.resolve(answer);
    },
  });
}

async function call(url: string, token: string, body?: string) {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, body: await response.json() };
}

test('a program may ask for its trial', async () => {
  const { url, token } = open();
  expect(await call(`${url}/trial`, token)).toEqual({
    status: 200,
    body: { params: { lr: 1 }, checkpointDir: '/c' },
  });
});

test('a report is answered with whether to stop', async () => {
  const door = open({ stop: true, reason: 'worse' });
  expect(door.used()).toBe(false);
  const answer = await call(`${door.url}/report`, door.token, '{"step": 2, "metrics": {"a": NaN}}');
  expect(answer).toEqual({ status: 200, body: { stop: true, reason: 'worse' } });
  expect(told).toEqual([{ step: 2, metrics: { a: 'NaN' } }]);
  expect(door.used()).toBe(true);
});

test('a report that comes again under its id counts once', async () => {
  const { url, token } = open();
  const body = '{"id": "1", "metrics": {"a": 1}}';
  const answers = await Promise.all([1, 2].map(() => call(`${url}/report`, token, body)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(told).toHaveLength(1);
});

test('nobody gets in without the token of that very trial', async () => {
  const [one, other] = [open(), open()];
  for (const token of ['', 'x', other.token]) {
    expect((await call(`${one.url}/trial`, token)).status).toBe(401);
  }
  expect((await call(new URL('/nobody/trial', one.url).href, one.token)).status).toBe(401);
  one.close();
  expect((await call(`${one.url}/trial`, one.token)).status).toBe(401);
  expect(one.used()).toBe(false);
});

test.each([
  ['not json', 'a report is a JSON object'],
  ['{"metrics": 3}', 'metrics: must be an object of numbers'],
  ['{"step": "3", "metrics": {}}', 'step: must be a number'],
  [`{"metrics": {"a": "${'x'.repeat(2 << 20)}"}}`, 'a report has at most 1048576 bytes'],
])('a malformed report is refused: %.20s', async (body, error) => {
  const { url, token } = open();
  expect(await call(`${url}/report`, token, body)).toEqual({ status: 400, body: { error } });
  expect(told).toEqual([]);
});
