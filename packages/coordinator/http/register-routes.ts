import { PREFIX, isWholeNumber, routes, type Route } from '@fleetune/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Handlers } from './handlers.ts';

type AnyHandler = (input: unknown, exchange: object) => unknown;

/** Marks the routes that answer without a token. */
export interface RouteConfig {
  open?: boolean;
}

export function registerRoutes(server: FastifyInstance, handlers: Handlers): void {
  for (const [operation, route] of Object.entries<Route>(routes)) {
    const { method, path, params, query, body, open } = route;
    const handler = handlers[operation as keyof Handlers] as AnyHandler;
    if (handler === undefined) continue;
    const numbers = wholeNumbers(route);
    server.route({
      method,
      url: `${PREFIX}${path.replace(/\{(\w+)\}/g, ':$1')}`,
      config: { open: open === true } satisfies RouteConfig,
      schema: {
        ...(params && { params }),
        ...(query && { querystring: query }),
        ...(body && { body }),
      },
      handler: (request, reply) => handler(inputOf(request, route, numbers), { request, reply }),
    });
  }
}

/** What may be asked of the path of a URL; nothing when the API has no such path. */
export function methodsAt(url: string): string[] {
  const [path = ''] = url.split('?');
  const found = Object.values<Route>(routes).filter((route) => patternOf(route).test(path));
  return [...new Set(found.map(({ method }) => method))];
}

function patternOf({ path }: Route): RegExp {
  return new RegExp(`^${PREFIX}${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
}

/** Path, query and body as one object; as it is where there is only a body, which may be large. */
function inputOf(request: FastifyRequest, route: Route, numbers: readonly string[]): unknown {
  if (route.params === undefined && route.query === undefined) return request.body ?? {};
  const input = {
    ...(request.body as object | undefined),
    ...(request.query as object),
    // Last: what the path names cannot be renamed by a key of the body.
    ...(request.params as object),
  } as Record<string, unknown>;
  for (const key of numbers) {
    if (input[key] !== undefined) input[key] = Number(input[key]);
  }
  return input;
}

/** Whole numbers come as text in a URL, and have been checked to be such. */
function wholeNumbers({ params, query }: Route): string[] {
  return Object.entries({ ...params?.properties, ...query?.properties })
    .filter(([, schema]) => isWholeNumber(schema))
    .map(([key]) => key);
}
