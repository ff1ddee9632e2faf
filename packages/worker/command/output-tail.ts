/** The last lines of a program's output, as a terminal would show them. */
export interface OutputTail {
  push(chunk: Buffer): void;
  lines(): string[];
}

const LINES = 20;
const LONGEST_LINE = 1_000;
/** Enough for the lines even when each holds the long history of a progress bar. */
const BYTES = 1 << 17;

/** Costs a few instructions per chunk: lines are only looked for at the end. */
export function createOutputTail(): OutputTail {
  let chunks: Buffer[] = [];
  let bytes = 0;
  return {
    push(chunk) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes < 2 * BYTES) return;
      // Copied, so that one byte of a chunk does not hold the whole of it.
      const last = Buffer.concat(chunks).subarray(-BYTES);
      chunks = [Buffer.from(last)];
      bytes = last.length;
    },
    lines() {
      const text = Buffer.concat(chunks).subarray(-BYTES).toString('utf8');
      const lines = text.split('\n').map(shown);
      while (lines.at(-1) === '') lines.pop();
      return lines.slice(-LINES);
    },
  };
}

/** After carriage returns a terminal shows what was written last. */
function shown(line: string): string {
  const trimmed = line.trimEnd();
  const visible = trimmed.slice(trimmed.lastIndexOf('\r') + 1);
  return visible.length > LONGEST_LINE ? `${visible.slice(0, LONGEST_LINE)}…` : visible;
}
