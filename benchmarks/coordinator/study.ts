/** Five floats, sampled at random: what costs time is the way of a result, not the next suggestion. */
export const study = {
  name: 'bench',
  objective: { metric: 'value', direction: 'minimize' },
  space: Object.fromEntries(
    Array.from({ length: 5 }, (_, i) => [`x${i}`, { type: 'float', low: 0, high: 1 }]),
  ),
  sampler: 'random',
  budget: { trials: 10_000_000 },
  // Nobody runs it: the workers here bring results without having run anything.
  command: ['true'],
};

/** The objective that every client works out, peers' clients too. */
export function objective(params: Readonly<Record<string, unknown>>): number {
  return Object.values(params).reduce((sum: number, x) => sum + (Number(x) - 0.3) ** 2, 0);
}
