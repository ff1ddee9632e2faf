import Fastify, { type FastifyPluginAsync } from 'fastify';

/** The OpenAPI document of the routes. Its generator is loaded when somebody asks: the first trial does not wait for it. */
export async function openApi(
  prefix: string,
  routes: readonly FastifyPluginAsync[],
): Promise<object> {
  const { default: swagger } = await import('@fastify/swagger');
  const server = Fastify();
  await server.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Fleetune', version: '1' } },
  });
  for (const route of routes) await server.register(route, { prefix });
  await server.ready();
  return server.swagger();
}
