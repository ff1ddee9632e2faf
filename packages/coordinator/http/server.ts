import swagger from '@fastify/swagger';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import type { Coordinator } from '../coordinator.ts';
import { requireToken } from './authentication.ts';
import { errorInfoOf } from './error-info.ts';
import { eventRoutes } from './event-routes.ts';
import { studyRoutes } from './study-routes.ts';
import { workerRoutes } from './worker-routes.ts';

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
  await server.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Fleetune', version: '1' } },
  });
  requireToken(server, options.token);
  await server.register(workerRoutes(coordinator), { prefix: '/api/v1' });
  await server.register(studyRoutes(coordinator), { prefix: '/api/v1' });
  await server.register(eventRoutes(coordinator), { prefix: '/api/v1' });
  server.get('/api/v1/openapi.json', { schema: { hide: true } }, () => server.swagger());
  const url = await server.listen({ host: options.host, port: options.port });
  return { url, close: () => server.close() };
}
