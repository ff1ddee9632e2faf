/** How long the latest attempts were. */
export interface RecentLengths {
  /** A bit for each, the latest lowest: 1 for a short one. */
  bits: number;
  known: number;
}

/** As many as an integer has bits. */
const MOST = 31;

export function newLengths(): RecentLengths {
  return { bits: 0, known: 0 };
}

export function addLength(lengths: RecentLengths, short: boolean): void {
  lengths.bits = ((lengths.bits << 1) | Number(short)) & 0x7fffffff;
  lengths.known = Math.min(MOST, lengths.known + 1);
}

/** At least half of those that are known. */
export function areShort({ bits, known }: RecentLengths): boolean {
  let short = 0;
  for (let left = bits; left !== 0; left &= left - 1) short += 1;
  return known > 0 && 2 * short >= known;
}
