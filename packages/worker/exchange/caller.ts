import { FleetuneError, fail } from '@fleetune/core';
import { trouble, type Clock, type Random } from '@fleetune/platform';

export interface CallerOptions {
  clock: Clock;
  random: Random;
  /** Gives up when nothing has been answered for so long. */
  giveUpMs: () => number;
  /** Called at every try without an answer. */
  onTrouble(error: unknown): void;
  /** Ends whatever is under way. */
  signal: AbortSignal;
}

export interface Call<T> {
  /** Every try is the same request, so that the coordinator counts its facts once. */
  send(call: Pick<AbortController, 'signal'>): Promise<T>;
  timeoutMs: number;
  /** Throws where an answer is as good as none. */
  check?(answer: T): void;
  /** Refusals that another try can't change are decided here: undefined means they are final. */
  recover(error: FleetuneError): Promise<void> | undefined;
}

/** Calls until there is an answer; one call at a time, which is why they share what ends them. */
export interface Caller {
  call<T>(call: Call<T>): Promise<T>;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

export function createCaller(options: CallerOptions): Caller {
  const { clock, random, signal } = options;
  // Used until it has ended a call: one for each call would cost as much as the rest of it in one process.
  let controller = new AbortController();
  let hangUp: ((why: unknown) => void) | undefined;
  signal.addEventListener('abort', () => hangUp?.(signal.reason));

  /** A connection that hangs is as bad as one that breaks. */
  function once<T>({ send, timeoutMs, check }: Call<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const end = (why: unknown): void => {
        over();
        reject(why);
        controller.abort(why);
        controller = new AbortController();
      };
      const cancel = clock.after(timeoutMs, () =>
        end(new Error(`no answer within ${timeoutMs} ms`)),
      );
      const over = (): void => {
        cancel();
        if (hangUp === end) hangUp = undefined;
      };
      hangUp = end;
      send(controller).then(
        (answer) => {
          over();
          try {
            if (trouble('answer-lost')) throw new Error('the answer was lost');
            check?.(answer);
            resolve(answer);
          } catch (error) {
            reject(error);
          }
        },
        (error: unknown) => {
          over();
          reject(error);
        },
      );
    });
  }

  /** The waits double and are jittered, so that a hundred workers do not come back in step. */
  async function again<T>(call: Call<T>, first: unknown, sinceMs: number): Promise<T> {
    let error = first;
    let answeredMs = sinceMs;
    for (let retry = 0; ; retry++) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof FleetuneError && !error.info.retryable) {
        const recovery = call.recover(error);
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
      await pause(longest * (0.5 + random.fraction() / 2), clock, signal);
      try {
        return await once(call);
      } catch (next) {
        error = next;
      }
    }
  }

  return {
    call(call) {
      const sinceMs = clock.monotonic();
      return once(call).catch((error: unknown) => again(call, error, sinceMs));
    },
  };
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
