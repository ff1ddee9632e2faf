import { fail } from '@fleetune/core';

/** No study file needs more; code that goes down into a value has a stack that ends. */
const MOST_LEVELS = 64;

/** Refuses a value whose lists and objects lie too deep inside each other; itself it goes down without a stack. */
export function requireShallow(value: unknown, place: string): void {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) {
      throw fail('request.invalid', place, { problem: `is nested more than ${MOST_LEVELS} deep` });
    }
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
  }
}
