import type { FleetuneError } from '@fleetune/core';
import { mark } from '@fleetune/platform';
import type { CoordinatorLink, ExchangeRequest, ExchangeResponse } from '@fleetune/protocol';
import type { Call } from './caller.ts';

export interface Sender {
  readonly options: { readonly link: CoordinatorLink };
  /** New with every registration. */
  readonly incarnation: string;
}

/** `incarnation`: the sender's, when it sent what was refused. */
type Recover<S> = (
  sender: S,
  error: FleetuneError,
  incarnation: string,
) => Promise<void> | undefined;

/** An exchange as the caller tries it, each time in the sender's present incarnation. */
export function exchangeCall<S extends Sender>(
  sender: S,
  request: ExchangeRequest,
  timeoutMs: number,
  recover: Recover<S>,
): Call<ExchangeResponse> {
  return new ExchangeCall(sender, request, timeoutMs, recover);
}

/** A class: there is one for every exchange, and functions of its own would be most of what it takes. */
class ExchangeCall<S extends Sender> implements Call<ExchangeResponse> {
  readonly timeoutMs: number;
  readonly #sender: S;
  readonly #request: ExchangeRequest;
  readonly #recover: Recover<S>;
  /** The sender's in the latest try. */
  #incarnation: string;

  constructor(sender: S, request: ExchangeRequest, timeoutMs: number, recover: Recover<S>) {
    this.timeoutMs = timeoutMs;
    this.#sender = sender;
    this.#request = request;
    this.#recover = recover;
    this.#incarnation = request.incarnation;
  }

  send(call: Pick<AbortController, 'signal'>): Promise<ExchangeResponse> {
    const { incarnation, options } = this.#sender;
    const again = incarnation !== this.#request.incarnation;
    this.#incarnation = incarnation;
    return options.link.exchange(again ? { ...this.#request, incarnation } : this.#request, call);
  }

  check(): void {
    // Its trials have been given to others since.
    if (this.#incarnation === this.#sender.incarnation) return;
    mark('answer-of-earlier-registration');
    throw new Error('an answer to an earlier registration');
  }

  recover(error: FleetuneError): Promise<void> | undefined {
    return this.#recover(this.#sender, error, this.#incarnation);
  }
}
