import { fail } from '@fleetune/core';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../auth/access.ts';
import type { RouteConfig } from './register-routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Its token lets in still: an answer may go on for days. */
    mayGoOn(): boolean;
  }
}

const SCHEME = 'Bearer ';

/** Every request carries `Authorization: Bearer …`, but for those of open routes. */
export function requireToken(
  server: Pick<FastifyInstance, 'addHook' | 'decorateRequest'>,
  access: Access,
): void {
  server.decorateRequest('mayGoOn', () => false);
  server.addHook('onRequest', (request, _reply, done) => {
    if ((request.routeOptions.config as RouteConfig).open) return done();
    const header = request.headers.authorization ?? '';
    const sent = header.startsWith(SCHEME) ? header.slice(SCHEME.length) : '';
    request.mayGoOn = () => access.allows(sent);
    done(request.mayGoOn() ? undefined : fail('auth.token', '', {}));
  });
}
