// Four calls with curl, as a person with a loop of their own would type them: submit, ask, report, tell.

import { spawn, spawnSync } from 'node:child_process';
import { createCoordinator, oneToken, serveHttp, type HttpServer } from '@fleetune/coordinator';
import { memoryStore } from '@fleetune/coordinator/store';
import { systemClock } from '@fleetune/platform/node';
import { afterEach, beforeEach, expect, it } from 'vitest';

const token = 'a token for own loops';
const hasCurl = spawnSync('curl', ['--version']).status === 0;
let server: HttpServer;

beforeEach(async () => {
  server = await serveHttp(createCoordinator(memoryStore(), systemClock), {
    access: oneToken(token),
    host: '127.0.0.1',
    port: 0,
    version: 'test',
    submissions: { filesOf: () => '/tmp', cwd: '/tmp', seed: () => 7 },
  });
});

afterEach(() => server.close());

const study = {
  name: 'parabola',
  objective: { metric: 'loss', direction: 'minimize' },
  space: { x: { type: 'float', low: -1, high: 1 } },
  budget: { trials: 3 },
};

it('a study is tuned with nothing but curl', async ({ skip }) => {
  if (!hasCurl) {
    expect(process.env['CI'], 'curl is missing').toBeFalsy();
    skip('curl is not installed here');
  }
  expect(await post('/studies', { file: study })).toMatchObject({
    name: 'parabola',
    state: 'running',
  });
  for (let k = 0; k < 3; k++) {
    const asked = await post('/studies/parabola/ask', {});
    expect(asked).toMatchObject({ trial: k, attempt: 1, leaseMs: 600_000 });
    const { x } = asked['params'] as { x: number };
    const path = `/studies/parabola/trials/${k}`;
    const report = { attempt: 1, metrics: { loss: x * x + 1 } };
    expect(await post(`${path}/report`, report)).toEqual({ stop: false });
    const result = { attempt: 1, metrics: { loss: x * x } };
    expect(await post(`${path}/tell`, result)).toEqual({ state: 'completed' });
    expect(await post(`${path}/tell`, result)).toEqual({ state: 'completed' });
  }
  expect(await post('/studies/parabola/ask', {})).toMatchObject({
    ended: { end: 'budget-trials' },
  });
  const wider = { ...study, budget: { trials: 4 } };
  expect(await post('/studies', { file: wider })).toMatchObject({ state: 'running' });
  expect(await post('/studies/parabola/ask', {})).toMatchObject({ trial: 3 });
});

it('a study with mistakes is refused with all of them, and nothing is written', async ({
  skip,
}) => {
  if (!hasCurl) skip('curl is not installed here');
  const space = { x: { type: 'float', low: '1' }, y: { type: 'flaot' } };
  const answer = await post('/studies', { file: { ...study, space } });
  expect(answer).toMatchObject({
    code: 'input.type',
    errors: [{ place: 'space.x.low' }, { place: 'space.x.high' }, { place: 'space.y.type' }],
  });
});

/** Beside this process, which has to answer meanwhile. */
async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const child = spawn('curl', [
    ...['--silent', '--show-error', '--max-time', '60', '--json', JSON.stringify(body)],
    ...['--header', `Authorization: Bearer ${token}`, `${server.url}/api/v1${path}`],
  ]);
  let output = '';
  for await (const chunk of child.stdout) output += String(chunk);
  return JSON.parse(output) as Record<string, unknown>;
}
