/**
 * The one of `known` that takes the fewest edits to become `text`; the earlier of equals. Where the nearest shares less than
 * half with it, nobody meant that: then ''.
 */
export function nearest(text: string, known: readonly string[]): string {
  let best = '';
  let fewest = Infinity;
  for (const candidate of known) {
    const edits = editDistance(text.toLowerCase(), candidate.toLowerCase());
    const isAlike = 2 * edits <= Math.max(text.length, candidate.length);
    if (isAlike && edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, before[j - 2]! + 1);
      next.push(edits);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
