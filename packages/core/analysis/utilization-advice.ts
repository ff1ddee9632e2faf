import type { Losses, Utilization } from './status.ts';

/** Below this share of the allocation a loss is not worth a change. */
const WORTH_A_WORD = 0.01;

const advice: Record<keyof Losses, string> = {
  startUp:
    'the workers started long before their first trial: more trials per run spread it thinner',
  gap: 'the trials are short beside the time between two of them: let each do more, e.g. a higher fidelity.min',
  suggestion: 'the sampler is slower than the trials: use a cheaper one, e.g. sampler: random',
  decision:
    'slots stood empty so that a trial could have its worker for itself: see the failures, mostly a lack of memory',
  tail: 'slots ran out of trials before the last one ended: a larger budget, or fewer slots at its end',
  drained: 'slots stood still while a drain waited for trials to end: a shorter limits.grace',
  lost: 'work was thrown away when attempts were lost or crashed: see the failures, and keep checkpoints',
};

/** What would raise the utilization, the largest loss first; empty when nothing is worth a change. */
export function utilizationAdvice(
  utilization: Utilization,
): { category: keyof Losses; share: number; text: string }[] {
  const { lossesUs, allocatedUs } = utilization;
  return (Object.keys(lossesUs) as (keyof Losses)[])
    .map((category) => ({
      category,
      share: lossesUs[category] / allocatedUs,
      text: advice[category],
    }))
    .filter(({ share }) => share >= WORTH_A_WORD)
    .sort((a, b) => b.share - a.share);
}
