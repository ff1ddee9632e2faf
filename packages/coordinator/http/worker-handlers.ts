import type { Coordinator } from '../coordinator.ts';
import type { Handlers } from './handlers.ts';

type Workers = Handlers<'registerWorker' | 'exchange'>;

export function workerHandlers({ dispatcher }: Coordinator): Workers {
  return {
    registerWorker: (request) => dispatcher.register(request),
    exchange: (request) => dispatcher.exchange(request),
  };
}
