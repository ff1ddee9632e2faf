import { FleetuneError } from '@fleetune/core';

/** The world's fault or a person's, in words that the table of errors has. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isRefusal);
  return error instanceof FleetuneError;
}

export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
