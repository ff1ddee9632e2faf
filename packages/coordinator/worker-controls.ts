import type { Coordinator } from './coordinator.ts';
import type { Dispatcher } from './dispatcher/dispatcher.ts';

type WorkerControls = Pick<
  Coordinator,
  'workers' | 'pauseWorker' | 'resumeWorker' | 'checkpointWorker' | 'drainWorker' | 'stopWorker'
>;

/** What people ask of a worker, whatever studies it works on, is the dispatcher's. */
export function workerControls(dispatcher: Dispatcher): WorkerControls {
  return {
    workers: () => dispatcher.views(),
    pauseWorker: (worker, reason) => dispatcher.pauseWorker(worker, reason),
    resumeWorker: (worker, reason) => dispatcher.resumeWorker(worker, reason),
    checkpointWorker: (worker, reason) => dispatcher.checkpointWorker(worker, reason),
    async drainWorker(worker, reason) {
      dispatcher.dismiss(worker, 'drain', reason);
    },
    async stopWorker(worker, reason) {
      dispatcher.dismiss(worker, 'quit', reason);
    },
  };
}
