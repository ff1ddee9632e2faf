import { fail } from '@fleetune/core';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../auth/access.ts';
import type { RouteConfig } from './register-routes.ts';

const SCHEME = 'Bearer ';

/** Every request carries `Authorization: Bearer …`, but for those of open routes. */
export function requireToken(server: Pick<FastifyInstance, 'addHook'>, access: Access): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if ((request.routeOptions.config as RouteConfig).open) return done();
    const header = request.headers.authorization ?? '';
    const sent = header.startsWith(SCHEME) ? header.slice(SCHEME.length) : '';
    done(access.allows(sent) ? undefined : fail('auth.token', '', {}));
  });
}
