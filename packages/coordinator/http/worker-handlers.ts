import { addGap, type GapHistogram } from '@fleetune/core';
import type { Coordinator } from '../coordinator.ts';
import type { Handlers } from './handlers.ts';

type Workers = Handlers<
  | 'listWorkers'
  | 'registerWorker'
  | 'exchange'
  | 'pauseWorker'
  | 'resumeWorker'
  | 'checkpointWorker'
  | 'drainWorker'
  | 'stopWorker'
>;

/** How long exchanges take that bring something, and so do not wait, goes into `times`. */
export function workerHandlers(coordinator: Coordinator, times: GapHistogram): Workers {
  const { dispatcher, clock } = coordinator;
  return {
    listWorkers: () => coordinator.workers(),
    registerWorker: (request) => dispatcher.register(request),
    async exchange(request) {
      if (request.ended.length + request.reports.length === 0) return dispatcher.exchange(request);
      const sinceMs = clock.monotonic();
      const response = await dispatcher.exchange(request);
      addGap(times, Math.round((clock.monotonic() - sinceMs) * 1000));
      return response;
    },
    async pauseWorker({ worker, reason }) {
      await coordinator.pauseWorker(worker, reason);
      return {};
    },
    async resumeWorker({ worker, reason }) {
      await coordinator.resumeWorker(worker, reason);
      return {};
    },
    async checkpointWorker({ worker, reason }) {
      await coordinator.checkpointWorker(worker, reason);
      return {};
    },
    async drainWorker({ worker, reason }) {
      await coordinator.drainWorker(worker, reason);
      return {};
    },
    async stopWorker({ worker, reason }) {
      await coordinator.stopWorker(worker, reason);
      return {};
    },
  };
}
