import type { TrialRecord } from './state.ts';

/**
 * An array of trials, some of which are holes until somebody looks at them: `read` fills them in,
 * together with their neighbours. For whoever looks at a few trials of a large study: in no other
 * way different from the array with all of them, but slower.
 */
export function lazyTrials(
  trials: TrialRecord[],
  length: number,
  read: (trial: number) => void,
): TrialRecord[] {
  trials.length = length;
  const look = (index: number) => {
    if (index < trials.length && trials[index] === undefined) read(index);
  };
  return new Proxy(trials, {
    get(target, key, receiver) {
      if (isIndex(key)) look(Number(key));
      else if (!ONE_BY_ONE.has(key)) for (let i = 0; i < length; i++) look(i);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}

/** What does not go through all of them. */
const ONE_BY_ONE = new Set<string | symbol>(['length', 'at', 'push']);

function isIndex(key: string | symbol): key is string {
  return typeof key === 'string' && key >= '0' && key < ':';
}
