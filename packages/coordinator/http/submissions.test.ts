import { afterEach, beforeEach, expect, it } from 'vitest';
import { serve, type Served } from './testing/served.ts';

const study = {
  name: 'shared',
  objective: { metric: 'loss', direction: 'minimize' },
  space: { x: { type: 'float', low: 0, high: 1 } },
  budget: { trials: 9 },
};
let served: Served;

beforeEach(async () => {
  served = await serve();
});

afterEach(() => served.close());

const post = (path: string, body: object) => served.call('POST', `/api/v1${path}`, body);
const ask = async () => (await post('/studies/shared/ask', { waitMs: 0 })).body;

it('slots that a running study is submitted with count at once, with its file or by its name', async () => {
  await post('/studies', { file: study });
  expect(await ask()).toHaveProperty('trial', 0);
  const limited = await post('/studies', { file: study, slots: 1 });
  expect(limited.body).toMatchObject({ created: false, changed: ['engine'] });
  expect(await ask()).toMatchObject({ wait: { code: 'slots' } });
  const widened = await post('/studies', { name: 'shared', slots: 2 });
  expect(widened.body).toMatchObject({ changed: ['engine'] });
  expect(await ask()).toHaveProperty('trial', 1);
  expect(await ask()).toMatchObject({ wait: { code: 'slots' } });
});

it('slots that a study is submitted with hold for those who ask, until it is submitted with others', async () => {
  await post('/studies', { file: study, slots: 1 });
  expect(await ask()).toHaveProperty('trial', 0);
  expect(await ask()).toMatchObject({ wait: { code: 'slots' } });
  await post('/studies/shared/trials/0/tell', { attempt: 1, metrics: { loss: 1 } });
  expect(await ask()).toHaveProperty('trial', 1);
  await post('/studies', { name: 'shared', slots: 2 });
  expect(await ask()).toHaveProperty('trial', 2);
});
