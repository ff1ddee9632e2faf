import { budgetEndsAt, type Reason, type RunEnd } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { Dispatcher } from './dispatcher/dispatcher.ts';
import type { StudyHost } from './study-host.ts';

export interface Ending {
  end: RunEnd;
  reason: Reason;
}

/** One stretch of work on a study, from the first free slot to the last worker's leave. */
export interface StudyRun {
  readonly host: StudyHost;
  /** The study has nothing running and nothing will come. */
  finished(): void;
  /** No new trials; running ones go back to the queue. */
  drain(reason: string): void;
  /** Everything ends at once. */
  quit(reason: string): void;
  /** No new trials; running ones end and keep their value so far. */
  stop(reason: string): void;
  /** Resolves when it is over and every worker has left; rejects when the store failed. */
  readonly ended: Promise<Ending>;
}

/** The sampler has nothing left to propose. */
export const EXHAUSTED: Ending = {
  end: 'exhausted',
  reason: { code: 'exhausted', text: 'every set of params in the space has been tried' },
};

export function startStudyRun(host: StudyHost, dispatcher: Dispatcher, clock: Clock): StudyRun {
  const { promise, resolve, reject } = Promise.withResolvers<Ending>();
  let ending: Ending | undefined;
  let stopped: Ending | undefined;
  let cancelTick = scheduleTick(host, dispatcher, clock);

  function finish(how: Ending): void {
    if (ending !== undefined) return;
    ending = how;
    cancelTick();
    dispatcher.quit(how.reason.text);
    void dispatcher.empty().then(() => resolve(how));
  }

  function leaveThen(end: 'drained', reason: string): void {
    void dispatcher.empty().then(() => finish({ end, reason: { code: end, text: reason } }));
  }

  host.failed.catch((error: unknown) => {
    cancelTick();
    reject(error);
  });
  // Whoever waits for it hears of a failure; before that, nobody may be waiting yet.
  promise.catch(() => undefined);
  host.subscribe((events) => {
    if (!events.some(({ kind }) => kind === 'spec-changed' || kind === 'study-resumed')) return;
    cancelTick();
    cancelTick = scheduleTick(host, dispatcher, clock);
  });

  return {
    host,
    ended: promise,
    finished() {
      if (stopped !== undefined) return finish(stopped);
      const next = host.nextWork();
      finish(next.work === 'finished' ? { end: next.end, reason: next.reason } : EXHAUSTED);
    },
    drain(reason) {
      dispatcher.drain(reason);
      leaveThen('drained', reason);
    },
    quit(reason) {
      dispatcher.quit(reason);
      leaveThen('drained', reason);
    },
    stop(text) {
      const reason = { code: 'user', text };
      stopped ??= { end: 'stopped', reason };
      for (const trial of host.state.live) {
        host.apply({ kind: 'stop-trial', trial, as: 'stopped', reason });
      }
      dispatcher.close(host);
    },
  };
}

/** The time budget ends by itself: nobody may be asking just then. */
function scheduleTick(host: StudyHost, dispatcher: Dispatcher, clock: Clock): () => void {
  const endsAt = budgetEndsAt(host.state);
  if (endsAt === undefined) return () => undefined;
  let cancel = clock.after(Math.max(0, endsAt - clock.now()), () => {
    if (clock.now() < endsAt) {
      // The machine's clock was set back.
      cancel = scheduleTick(host, dispatcher, clock);
      return;
    }
    host.apply({ kind: 'tick' });
    host.commit().then(
      () => dispatcher.wake(),
      () => undefined,
    );
  });
  return () => cancel();
}
