import type { Coordinator } from '../coordinator.ts';
import type { Handlers } from './handlers.ts';

type Workers = Handlers<
  | 'listWorkers'
  | 'registerWorker'
  | 'exchange'
  | 'pauseWorker'
  | 'resumeWorker'
  | 'drainWorker'
  | 'stopWorker'
>;

export function workerHandlers(coordinator: Coordinator): Workers {
  const { dispatcher } = coordinator;
  return {
    listWorkers: () => coordinator.workers(),
    registerWorker: (request) => dispatcher.register(request),
    exchange: (request) => dispatcher.exchange(request),
    async pauseWorker({ worker, reason }) {
      await coordinator.pauseWorker(worker, reason);
      return {};
    },
    async resumeWorker({ worker, reason }) {
      await coordinator.resumeWorker(worker, reason);
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
