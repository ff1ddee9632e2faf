import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
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
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    // Fastify's own compilers take ten times as long to get ready, and people wait for the first trial.
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    .setSerializerCompiler(() => JSON.stringify);
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, _request, reply) => {
    const { status, info } = errorInfoOf(error);
    void reply.status(status).send(info);
  });
  server.setNotFoundHandler((request, reply) => {
    const { status, info } = errorInfoOf(undefined, `${request.method} ${request.url}`);
    void reply.status(status).send(info);
  });
  requireToken(server, options.token);
  const routes = [workerRoutes, studyRoutes, eventRoutes].map((of) => of(coordinator));
  for (const route of routes) await server.register(route, { prefix: PREFIX });
  let document: Promise<object> | undefined;
  server.get(`${PREFIX}/openapi.json`, () => (document ??= openApi(PREFIX, routes)));
  const url = await server.listen({ host: options.host, port: options.port });
  return { url, close: () => server.close() };
}
