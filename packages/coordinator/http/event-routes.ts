import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { StudyEvent } from '@fleetune/core';
import { EventsQuery, StudyPath } from '@fleetune/protocol';
import type { Coordinator } from '../coordinator.ts';

/** The study's log as server-sent events: first what the reader lacks, then what happens. */
export function eventRoutes(coordinator: Coordinator): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get(
      '/studies/:name/events',
      { schema: { params: StudyPath, querystring: EventsQuery } },
      (request, reply) => {
        const host = coordinator.host(request.params.name);
        const header = Number(request.headers['last-event-id']);
        let last = request.query.after ?? (Number.isInteger(header) ? header : 0);
        reply.hijack();
        const { raw } = reply;
        raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        const send = (events: Iterable<StudyEvent>): void => {
          for (const event of events) {
            if (event.id <= last) continue;
            last = event.id;
            raw.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
          }
        };
        // The log holds all that was announced before now, the subscription all that comes: nothing falls between.
        const unsubscribe = host.subscribe(send);
        raw.on('close', unsubscribe);
        send(coordinator.events(host, last));
      },
    );
  };
}
