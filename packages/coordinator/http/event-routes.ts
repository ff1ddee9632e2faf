import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ErrorResponse, EventMessage, EventsQuery, StudyPath } from '@fleetune/protocol';
import type { Coordinator } from '../coordinator.ts';
import { followLog } from './follow-log.ts';

const response = {
  200: {
    description: 'One message per event.',
    content: { 'text/event-stream': { schema: EventMessage } },
  },
  '4xx': ErrorResponse,
};

/** The study's log as server-sent events: first what the reader lacks, then what happens. */
export function eventRoutes(coordinator: Coordinator): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get(
      '/studies/:name/events',
      { schema: { params: StudyPath, querystring: EventsQuery, response } },
      (request, reply) => {
        const host = coordinator.host(request.params.name);
        const header = Number(request.headers['last-event-id']);
        const last = Number(request.query.after ?? (Number.isInteger(header) ? header : 0));
        reply.hijack();
        const { raw } = reply;
        raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        raw.flushHeaders();
        const events = (after: number, limit: number) => coordinator.events(host, after, limit);
        followLog({ events, subscribe: host.subscribe }, raw, last).catch((error: unknown) =>
          raw.destroy(error as Error),
        );
      },
    );
  };
}
