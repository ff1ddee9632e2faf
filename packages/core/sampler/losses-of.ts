import type { Observed } from './history.ts';

/** As many as there are objectives: what was not said is as bad as can be. */
export function lossesOf(outcome: Observed['outcome'], objectives: number): readonly number[] {
  if (!('loss' in outcome)) return [];
  const given = outcome.state === 'completed' ? outcome.losses : undefined;
  if (given?.length === objectives) return given;
  return Array.from(
    { length: objectives },
    (_, m) => given?.[m] ?? (m === 0 ? outcome.loss : Infinity),
  );
}
