import { budgetEndsAt, type Reason, type RunEnd } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import type { Dispatcher } from './dispatcher/dispatcher.ts';
import type { StudyHost } from './study-host.ts';

export interface RunOptions {
  /** At most so many attempts at a time; absent: as many as there are slots. */
  slots?: number;
  keepGoing: boolean;
  /** Where the trials' files go. */
  files: string;
  /** Other studies may run beside it, and workers stay when it ends. */
  shared?: boolean;
}

export interface Ending {
  end: RunEnd;
  reason: Reason;
}

/** One stretch of work on a study, from the first free slot to the end of its last attempt. */
export interface StudyRun {
  readonly host: StudyHost;
  /** Shared: its workers are other studies' too, and stay. Else every worker leaves at its end. */
  readonly options: RunOptions;
  /** The study has nothing running and nothing will come. */
  finished(): void;
  /** No new trials; running ones go back to the queue. */
  drain(reason: string): void;
  /** No new trials; running ones end and keep their value so far. */
  stop(reason: string): void;
  /** Its workers leave at once, and what they run goes back to the queue. */
  quit(reason: string): void;
  /** The coordinator goes away: the run stays open for the next one. */
  abandon(): void;
  /** Resolves when it is over, and every worker that was its own has left; rejects when the store failed. */
  readonly ended: Promise<Ending>;
}

/** The sampler has nothing left to propose. */
export const EXHAUSTED: Ending = {
  end: 'exhausted',
  reason: { code: 'exhausted', text: 'every set of params in the space has been tried' },
};

export function startStudyRun(
  host: StudyHost,
  dispatcher: Dispatcher,
  clock: Clock,
  options: RunOptions,
): StudyRun {
  const { shared } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Ending>();
  let ending: Ending | undefined;
  /** How a person wants it to end, once nothing runs any more. */
  let wanted: Ending | undefined;
  let cancelTick = scheduleTick(host, dispatcher, clock);
  const unsubscribe = host.subscribe((events) => {
    if (!events.some(({ kind }) => kind === 'spec-changed' || kind === 'study-resumed')) return;
    cancelTick();
    cancelTick = scheduleTick(host, dispatcher, clock);
  });

  function abandon(): void {
    cancelTick();
    unsubscribe();
  }

  function finish(how: Ending): void {
    if (ending !== undefined) return;
    ending = how;
    abandon();
    dispatcher.close(host);
    if (shared) return resolve(how);
    dispatcher.quit(how.reason.text);
    void dispatcher.empty().then(() => resolve(how));
  }

  function leaveThen(text: string): void {
    const how: Ending = { end: 'drained', reason: { code: 'drained', text } };
    void dispatcher.empty().then(() => finish(how));
  }

  function interrupt(end: 'stopped' | 'drained', reason: Reason): void {
    wanted ??= { end, reason };
    for (const trial of host.state.live) {
      if (end === 'drained') host.apply({ kind: 'drain-trial', trial, reason });
      else host.apply({ kind: 'stop-trial', trial, as: 'stopped', reason });
    }
    dispatcher.close(host);
  }

  host.failed.catch((error: unknown) => {
    abandon();
    reject(error);
  });
  // Whoever waits for it hears of a failure; before that, nobody may be waiting yet.
  promise.catch(() => undefined);

  return {
    host,
    options,
    ended: promise,
    abandon,
    finished() {
      if (wanted !== undefined) return finish(wanted);
      const next = host.nextWork();
      finish(next.work === 'finished' ? { end: next.end, reason: next.reason } : EXHAUSTED);
    },
    drain(text) {
      if (shared) return interrupt('drained', { code: 'drained', text });
      dispatcher.drain(text);
      leaveThen(text);
    },
    quit(text) {
      dispatcher.quit(text);
      leaveThen(text);
    },
    stop: (text) => interrupt('stopped', { code: 'user', text }),
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
