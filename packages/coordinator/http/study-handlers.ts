import type { Coordinator } from '../coordinator.ts';
import { followLog } from './follow-log.ts';
import type { Handlers } from './handlers.ts';
import type { Submissions } from './submissions.ts';

type Studies = Handlers<
  | 'listStudies'
  | 'submitStudy'
  | 'studyStatus'
  | 'pauseStudy'
  | 'resumeStudy'
  | 'drainStudy'
  | 'stopStudy'
  | 'deleteStudy'
  | 'studyEvents'
>;

export function studyHandlers(coordinator: Coordinator, submissions: Submissions): Studies {
  return {
    listStudies: () =>
      coordinator
        .studies()
        .map(({ name, spec, state, createdAt, lastEvent, trials, incumbent, unreadable }) => ({
          name,
          spec,
          state,
          createdAt,
          lastEvent,
          trials,
          ...(incumbent && { incumbent }),
          ...(unreadable && { unreadable }),
        })),
    submitStudy: (request) => submissions.submit(request),
    studyStatus: ({ name }) => coordinator.status(coordinator.host(name)),
    async pauseStudy({ name, reason }) {
      await coordinator.control(coordinator.host(name), {
        kind: 'pause-study',
        reason: byPerson(reason),
      });
      return {};
    },
    async resumeStudy({ name, reason }) {
      await coordinator.control(coordinator.host(name), {
        kind: 'resume-study',
        reason: byPerson(reason),
      });
      return {};
    },
    async drainStudy({ name, reason }) {
      await coordinator.drainStudy(coordinator.host(name), reason);
      return {};
    },
    async stopStudy({ name, reason }) {
      await coordinator.stopStudy(coordinator.host(name), reason);
      return {};
    },
    deleteStudy({ name }) {
      coordinator.remove(name);
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
      const { subscribe } = host;
      const mayGoOn = (): boolean => request.mayGoOn();
      followLog({ events, subscribe, mayGoOn }, raw, last).catch((error: unknown) =>
        raw.destroy(error as Error),
      );
    },
  };
}

export function byPerson(text: string): { code: string; text: string } {
  return { code: 'user', text };
}
