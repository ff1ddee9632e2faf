import type { Coordinator } from '../coordinator.ts';
import type { Handlers } from './handlers.ts';

type Trials = Handlers<'enqueueTrial' | 'stopTrial'>;

export function trialHandlers(coordinator: Coordinator): Trials {
  return {
    enqueueTrial: async ({ name, params }) => ({
      trial: await coordinator.enqueue(coordinator.host(name), params),
    }),
    async stopTrial({ name, trial, reason }) {
      const why = { code: 'user', text: reason };
      const stop = { kind: 'stop-trial', trial, as: 'stopped', reason: why } as const;
      await coordinator.control(coordinator.host(name), stop);
      return {};
    },
  };
}
