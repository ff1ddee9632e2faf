import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isKnown, knownToken } from '../auth/access.ts';
import { serve, token } from './testing/served.ts';

it('a token that expires opens nothing more, and ends the events that it was reading', async () => {
  let now = 0;
  const known = [knownToken(token, 1000)];
  const access = { empty: false, allows: (sent: string) => isKnown(known, sent, now) };
  const served = await serve({ access });
  const { coordinator, host } = served;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${served.url}/api/v1/studies/served/events`, { headers });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toContain('study-created');
  now = 1000;
  await coordinator.enqueue(host, { x: 0.123 });
  let rest = '';
  const read = async (): Promise<void> => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += part.value;
  };
  const ended = await Promise.race([read().then(() => true), pause(10_000, false, { ref: false })]);
  expect(ended).toBe(true);
  expect(rest).not.toContain('0.123');
  const answer = await served.call('GET', '/api/v1/studies');
  expect(answer).toMatchObject({ status: 401, body: { code: 'auth.token' } });
  await served.close();
});
