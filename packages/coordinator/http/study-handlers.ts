import type { Coordinator } from '../coordinator.ts';
import { followLog } from './follow-log.ts';
import type { Handlers } from './handlers.ts';

type Studies = Handlers<'studyStatus' | 'stopStudy' | 'studyEvents'>;

export function studyHandlers(coordinator: Coordinator): Studies {
  return {
    studyStatus: ({ name }) => coordinator.status(coordinator.host(name)),
    async stopStudy({ name, reason }) {
      await coordinator.stopStudy(coordinator.host(name), reason);
      return {};
    },
    studyEvents({ name, after }, { request, reply }) {
      const host = coordinator.host(name);
      const header = Number(request.headers['last-event-id']);
      const last = after ?? (Number.isSafeInteger(header) ? header : 0);
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      raw.flushHeaders();
      const events = (from: number, limit: number) => coordinator.events(host, from, limit);
      followLog({ events, subscribe: host.subscribe }, raw, last).catch((error: unknown) =>
        raw.destroy(error as Error),
      );
    },
  };
}
