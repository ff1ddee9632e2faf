import type { RawRow } from './metric-row.ts';

/** Rows out of a program's ordinary output. */
export interface RegexRows {
  line(line: string): void;
  /** What was found since the last row becomes one. */
  end(): void;
}

/**
 * Each pattern's first group is a value of its name; of several matches in a line the last one counts (a progress
 * bar overwrites itself). A row ends when every pattern has matched, or when a name comes again (the fidelity: with
 * another value), so that `epoch 3` and `acc=0.9` may stand on one line or on several, in any order.
 */
export function createRegexRows(
  patterns: Readonly<Record<string, string>>,
  fidelity: string | undefined,
  onRow: (row: RawRow) => void,
): RegexRows {
  // The fidelity first: on a line that completes a row it belongs to that row.
  const names = Object.keys(patterns).sort(
    (a, b) => Number(b === fidelity) - Number(a === fidelity),
  );
  const searches = names.map((name) => [name, new RegExp(patterns[name]!, 'g')] as const);
  let row: Record<string, number> = {};
  let found = 0;

  function finish(): void {
    if (found > 0) onRow(row);
    row = {};
    found = 0;
  }

  return {
    line(line) {
      for (const [name, search] of searches) {
        const value = lastNumber(line, search);
        if (value === undefined || (name === fidelity && row[name] === value)) continue;
        if (name in row) finish();
        row[name] = value;
        found += 1;
        if (found === searches.length) finish();
      }
    },
    end: finish,
  };
}

function lastNumber(line: string, search: RegExp): number | undefined {
  let value: number | undefined;
  for (const match of line.matchAll(search)) {
    const text = match[1] ?? match[0];
    value = number(text) ?? value;
  }
  return value;
}

/** Python prints `nan`, `inf`, `-inf`; C prints `-nan`. */
function number(text: string): number | undefined {
  const lower = text.trim().toLowerCase();
  if (/^[+-]?nan$/.test(lower)) return NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/.exec(lower);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  const value = lower === '' ? NaN : Number(lower.replaceAll('_', ''));
  return Number.isNaN(value) ? undefined : value;
}
