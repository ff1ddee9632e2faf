const NEWLINE = 10;
/** A longer line is no metric line; what is beyond is passed over, so that a flood without newlines costs no memory. */
const LONGEST_LINE = 1 << 18;

/** Cuts chunks of output into lines, without their ends. */
export interface LineSplitter {
  push(chunk: Buffer): void;
  /** The rest without a newline is a line, too. */
  end(): void;
}

/** Lines go to `onLine`, unless `wanted` says at their first byte that they are of no interest. */
export function createLineSplitter(
  onLine: (line: string) => void,
  wanted: (firstByte: number) => boolean = () => true,
): LineSplitter {
  let parts: Buffer[] = [];
  let length = 0;
  let skipping = false;

  function finish(): void {
    if (!skipping && length > 0) onLine(text(parts));
    parts = [];
    length = 0;
    skipping = false;
  }

  function extend(part: Buffer): void {
    if (skipping || part.length === 0) return;
    if (length === 0 && !wanted(part[0]!)) skipping = true;
    length += part.length;
    if (length > LONGEST_LINE) skipping = true;
    if (skipping) parts = [];
    else parts.push(part);
  }

  return {
    push(chunk) {
      let begin = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, begin)) {
        extend(chunk.subarray(begin, at));
        finish();
        begin = at + 1;
      }
      extend(chunk.subarray(begin));
    },
    end: finish,
  };
}

function text(parts: readonly Buffer[]): string {
  const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  return bytes.toString('utf8');
}
