import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { StudyEvent } from '@fleetune/core';
import { followLog } from './follow-log.ts';

it('a reader that does not read costs no more memory than a page', async () => {
  const text = 'x'.repeat(10_000);
  let read = 0;
  function* events(after: number, limit: number): Iterable<StudyEvent> {
    for (let id = after + 1; id <= after + limit; id++) {
      read = id;
      yield { id, at: 0, kind: 'trial-requeued', v: 1, trial: 0, reason: { code: 'x', text } };
    }
  }
  const buffered: number[] = [];
  const following = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    const look = setInterval(() => buffered.push(response.writableLength), 1);
    const subscribe = () => () => clearInterval(look);
    followLog({ events, subscribe, mayGoOn: () => true }, response, 0).then(
      following.resolve,
      following.reject,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect.poll(() => buffered.length, { timeout: 20_000 }).toBeGreaterThan(50);
  await expect
    .poll(() => buffered.slice(-20).every((bytes) => bytes === buffered.at(-1)))
    .toBe(true);
  // An endless log: without a bound this would not have come to rest.
  expect(Math.max(...buffered)).toBeLessThan(1 << 20);
  expect(read).toBeGreaterThan(0);
  socket.destroy();
  await following.promise;
  server.close();
});
