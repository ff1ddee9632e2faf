/** How long the trials of a study take. */
export const MIXES = ['even', 'heavy-tailed', 'asha'] as const;

export type Mix = (typeof MIXES)[number];

export function isMix(name: string): name is Mix {
  return MIXES.some((mix) => mix === name);
}
