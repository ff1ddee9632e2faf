import { FleetuneError, type ErrorInfo } from '@fleetune/core';

/** Everything that is wrong with one input, as one thing to throw. */
export function inputErrors(errors: readonly ErrorInfo[]): AggregateError {
  return new AggregateError(
    errors.map((info) => new FleetuneError(info)),
    `${errors.length} errors in the input`,
  );
}
