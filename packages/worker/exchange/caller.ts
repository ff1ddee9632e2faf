import { FleetuneError, fail } from '@fleetune/core';
import { trouble, type Clock, type Random } from '@fleetune/platform';

export interface CallerOptions {
  clock: Clock;
  random: Random;
  /** Gives up when nothing has been answered for so long. */
  giveUpMs: () => number;
  /** Called at every try without an answer. */
  onTrouble(error: unknown): void;
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
  /** Ends what is under way; nothing more is called. */
  close(why: string): void;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

export function createCaller(options: CallerOptions): Caller {
  return new PatientCaller(options);
}

interface Waiting {
  reject(why: unknown): void;
  cancelTimer(): void;
}

/** A class: of 10,000 workers in one process each has three, and most of them never have to hang up. */
class PatientCaller implements Caller {
  readonly #options: CallerOptions;
  /** Why; an error of it is dear to make, and seldom needed. */
  #closed: string | undefined;
  /** The try that is under way, or the pause before the next one. */
  #waiting: Waiting | undefined;
  /** Used until it has ended a call: one for each call would cost as much as the rest of it in one process. */
  #controller: AbortController | undefined;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  call<T>(call: Call<T>): Promise<T> {
    const sinceMs = this.#options.clock.monotonic();
    return this.#once(call).catch((error: unknown) => this.#again(call, error, sinceMs));
  }

  close(why: string): void {
    this.#closed ??= why;
    if (this.#waiting !== undefined) this.#end(this.#waiting, new Error(why));
  }

  /** Made when somebody asks for it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** A connection that hangs is as bad as one that breaks. */
  #once<T>(call: Call<T>): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(new Error(this.#closed));
    return new Promise((resolve, reject) => {
      const waiting = this.#wait(reject);
      const { timeoutMs } = call;
      // Nothing is late where there is no end to waiting: a cluster in which nobody dies.
      if (timeoutMs !== Infinity) {
        const late = (): void => this.#end(waiting, new Error(`no answer within ${timeoutMs} ms`));
        waiting.cancelTimer = this.#options.clock.after(timeoutMs, late);
      }
      call.send(this).then(
        (answer) => {
          this.#over(waiting);
          try {
            if (trouble('answer-lost')) throw new Error('the answer was lost');
            call.check?.(answer);
            resolve(answer);
          } catch (error) {
            reject(error);
          }
        },
        (error: unknown) => {
          this.#over(waiting);
          reject(error);
        },
      );
    });
  }

  #wait(reject: (why: unknown) => void): Waiting {
    return (this.#waiting = { reject, cancelTimer: NOTHING });
  }

  #end(waiting: Waiting, why: unknown): void {
    this.#over(waiting);
    waiting.reject(why);
    this.#controller?.abort(why);
    this.#controller = undefined;
  }

  #over(waiting: Waiting): void {
    waiting.cancelTimer();
    // Another try may be under way by now.
    if (this.#waiting === waiting) this.#waiting = undefined;
  }

  /** The waits double and are jittered, so that a hundred workers do not come back in step. */
  async #again<T>(call: Call<T>, first: unknown, sinceMs: number): Promise<T> {
    const { clock, random, giveUpMs, onTrouble } = this.#options;
    let error = first;
    let answeredMs = sinceMs;
    for (let retry = 0; ; retry++) {
      if (this.#closed !== undefined) throw new Error(this.#closed);
      if (error instanceof FleetuneError && !error.info.retryable) {
        const recovery = call.recover(error);
        if (recovery === undefined) throw error;
        await recovery;
        // The coordinator is there: it need not be waited for.
        retry = 0;
        answeredMs = clock.monotonic();
      } else if (clock.monotonic() - answeredMs > giveUpMs()) {
        throw fail('worker.coordinator-gone', '', { cause: sentence(error) }, { cause: error });
      } else {
        onTrouble(error);
      }
      const most = Math.min(LONGEST_RETRY_MS, giveUpMs() / 4);
      const longest = Math.min(most, FIRST_RETRY_MS * 2 ** Math.min(retry, 10));
      await this.#pause(longest * (0.5 + random.fraction() / 2));
      try {
        return await this.#once(call);
      } catch (next) {
        error = next;
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#wait(reject);
      waiting.cancelTimer = this.#options.clock.after(ms, () => {
        this.#over(waiting);
        resolve();
      });
    });
  }
}

const NOTHING = (): void => undefined;

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
