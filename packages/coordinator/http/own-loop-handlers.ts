import type { ServerResponse } from 'node:http';
import type { Coordinator } from '../coordinator.ts';
import type { Handlers } from './handlers.ts';
import type { Submissions } from './submissions.ts';

/** A person may run one training for an afternoon and report now and then. */
const LEASE_MS = 600_000;
/** Below what most clients and proxies wait for an answer. */
const WAIT_MS = 25_000;

export function ownLoopHandlers(
  coordinator: Coordinator,
  submissions: Submissions,
): Handlers<'ask' | 'report' | 'tell'> {
  return {
    async ask({ name, leaseMs = LEASE_MS, waitMs = WAIT_MS }, { reply }) {
      const host = coordinator.host(name);
      await submissions.start(host);
      const signal = new WhileOpen(reply.raw);
      const asked = await coordinator.asker(host).ask({ leaseMs, waitMs, signal });
      return 'trial' in asked ? { ...asked, leaseMs } : asked;
    },
    report: ({ name, trial, attempt, step, metrics }) =>
      coordinator
        .asker(coordinator.host(name))
        .report({ trial, attempt }, { ...(step !== undefined && { step }), metrics }),
    tell: async ({ name, trial, attempt, metrics, end, why }) => ({
      state: await coordinator.asker(coordinator.host(name)).tell(
        { trial, attempt },
        {
          ...(metrics !== undefined && { metrics }),
          ...(end !== undefined && { end }),
          ...(why !== undefined && { why }),
        },
      ),
    }),
  };
}

/**
 * An AbortController for each request costs as much as the sampler. And of an object with a getter of its own V8 would
 * keep all that the getter reaches, here the whole request, until it has looked at the whole heap.
 */
class WhileOpen {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get aborted(): boolean {
    return this.#response.destroyed;
  }
}
