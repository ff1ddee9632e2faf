import { createHash, timingSafeEqual } from 'node:crypto';
import { fail } from '@fleetune/core';
import type { FastifyInstance } from 'fastify';

/** Every request carries `Authorization: Bearer …`; the comparison takes the same time whatever was sent. */
export function requireToken(server: Pick<FastifyInstance, 'addHook'>, token: string): void {
  const expected = digest(`Bearer ${token}`);
  server.addHook('onRequest', (request, _reply, done) => {
    const sent = digest(request.headers.authorization ?? '');
    done(timingSafeEqual(sent, expected) ? undefined : fail('auth.token', '', {}));
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
