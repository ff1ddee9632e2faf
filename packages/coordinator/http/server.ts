import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import { openApiDocument } from '@fleetune/protocol';
import Fastify, { type FastifyReply } from 'fastify';
import type { Coordinator } from '../coordinator.ts';
import { requireToken } from './authentication.ts';
import { errorInfoOf } from './error-info.ts';
import type { Handlers } from './handlers.ts';
import { registerRoutes } from './register-routes.ts';
import { studyHandlers } from './study-handlers.ts';
import { trialHandlers } from './trial-handlers.ts';
import { workerHandlers } from './worker-handlers.ts';

const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

export interface HttpServer {
  url: string;
  close(): Promise<void>;
}

/** Serves the coordinator on `host`:`port` (0: any free port). Every request needs the token, on loopback too. */
export async function serveHttp(
  coordinator: Coordinator,
  options: { token: string; host: string; port: number },
): Promise<HttpServer> {
  const server = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    // A name that is too long is refused by its schema, like any other value.
    routerOptions: { maxParamLength: 10_000 },
    frameworkErrors: (error, _request, reply) => refuse(reply as FastifyReply, error),
  })
    // Fastify's own compilers take ten times as long to get ready, and people wait for the first trial.
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    .setSerializerCompiler(() => JSON.stringify);
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, _request, reply) => refuse(reply, error));
  server.setNotFoundHandler((request, reply) =>
    refuse(reply, undefined, `${request.method} ${request.url}`),
  );
  requireToken(server, options.token);
  const handlers = {
    ...studyHandlers(coordinator),
    ...trialHandlers(coordinator),
    ...workerHandlers(coordinator),
    openApi: () => openApiDocument('1'),
    health: () => ({ ok: true as const, version: '1' }),
  };
  registerRoutes(server, handlers as unknown as Handlers);
  const url = await server.listen({ host: options.host, port: options.port });
  return { url, close: () => server.close() };
}

function refuse(reply: FastifyReply, error: unknown, route?: string): void {
  const { status, info } = errorInfoOf(error, route);
  void reply.status(status).send(info);
}
