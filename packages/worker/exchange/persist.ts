import { FleetuneError, fail } from '@fleetune/core';
import { trouble, type Clock, type Random } from '@fleetune/platform';

export interface Persistence {
  clock: Clock;
  random: Random;
  /** Gives up when nothing has been answered for so long. */
  giveUpMs: () => number;
  /** Called at every try without an answer. */
  onTrouble(error: unknown): void;
  /** Refusals that another try can't change are decided here: undefined means they are final. */
  recover(error: FleetuneError): Promise<void> | undefined;
  signal: AbortSignal;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/**
 * Calls until there is an answer. Every try is the same request, so that the coordinator counts its facts once;
 * the waits double and are jittered, so that a hundred workers do not come back in step.
 */
export async function persist<T>(
  call: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  options: Persistence,
): Promise<T> {
  const { clock, random, signal } = options;
  let answeredMs = clock.monotonic();
  for (let retry = 0; ; retry++) {
    try {
      const answer = await within(call, timeoutMs, clock, signal);
      if (!trouble('answer-lost')) return answer;
      throw new Error('the answer was lost');
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof FleetuneError && !error.info.retryable) {
        const recovery = options.recover(error);
        if (recovery === undefined) throw error;
        await recovery;
        // The coordinator is there: it need not be waited for.
        retry = 0;
        answeredMs = clock.monotonic();
      } else if (clock.monotonic() - answeredMs > options.giveUpMs()) {
        throw fail('worker.coordinator-gone', '', { cause: sentence(error) }, { cause: error });
      } else {
        options.onTrouble(error);
      }
      const most = Math.min(LONGEST_RETRY_MS, options.giveUpMs() / 4);
      const longest = Math.min(most, FIRST_RETRY_MS * 2 ** Math.min(retry, 10));
      const retryMs = longest * (0.5 + random.fraction() / 2);
      await pause(retryMs, clock, signal);
    }
  }
}

/** A connection that hangs is as bad as one that breaks. */
function within<T>(
  call: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const over = (): void => {
      cancel();
      signal.removeEventListener('abort', aborted);
    };
    const aborted = (): void => {
      over();
      reject(signal.reason);
      controller.abort(signal.reason);
    };
    const late = (): void => {
      over();
      reject(new Error(`no answer within ${timeoutMs} ms`));
      controller.abort();
    };
    const cancel = clock.after(timeoutMs, late);
    signal.addEventListener('abort', aborted);
    call(controller.signal).then(
      (answer) => {
        over();
        resolve(answer);
      },
      (error: unknown) => {
        over();
        reject(error);
      },
    );
  });
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    signal.addEventListener('abort', aborted, { once: true });
  });
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
