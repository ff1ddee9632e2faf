import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyReply } from 'fastify';
import type { Coordinator } from '../coordinator.ts';
import { requireToken } from './authentication.ts';
import { errorInfoOf } from './error-info.ts';
import { eventRoutes } from './event-routes.ts';
import { openApi } from './open-api.ts';
import { studyRoutes } from './study-routes.ts';
import { workerRoutes } from './worker-routes.ts';

const PREFIX = '/api/v1';
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
    .withTypeProvider<TypeBoxTypeProvider>()
    // Fastify's own compilers take ten times as long to get ready, and people wait for the first trial.
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    .setSerializerCompiler(() => JSON.stringify);
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, _request, reply) => refuse(reply, error));
  server.setNotFoundHandler((request, reply) =>
    refuse(reply, undefined, `${request.method} ${request.url}`),
  );
  requireToken(server, options.token);
  const routes = [workerRoutes, studyRoutes, eventRoutes].map((of) => of(coordinator));
  for (const route of routes) await server.register(route, { prefix: PREFIX });
  let document: Promise<object> | undefined;
  server.get(`${PREFIX}/openapi.json`, () => (document ??= openApi(PREFIX, routes)));
  const url = await server.listen({ host: options.host, port: options.port });
  return { url, close: () => server.close() };
}

function refuse(reply: FastifyReply, error: unknown, route?: string): void {
  const { status, info } = errorInfoOf(error, route);
  void reply.status(status).send(info);
}
