/**
 * Do two outputs of the same command say the same, numbers and times aside? `labels` compares only
 * the first word of each line at the margin, for output whose details differ from run to run.
 */
export function sameOutput(printed: string, real: string, match: 'text' | 'labels'): boolean {
  return shape(printed, match) === shape(real, match);
}

function shape(output: string, match: 'text' | 'labels'): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  if (match === 'text') return lines.map(mask).join('\n');
  return lines
    .filter((line) => !line.startsWith(' '))
    .map((line) => mask(line).split(' ')[0])
    .join('\n');
}

/** `0:46`, `1,080`, `-3.2e-05` and columns of spaces lose their values. */
function mask(line: string): string {
  return line
    .replace(/[+-]?\d+(?:[.,:]\d+)*(?:e[+-]?\d+)?/g, '#')
    .replace(/ +/g, ' ')
    .trim();
}

/** From the first line that begins with `from` to the next with `to`; undefined without them. */
export function excerpt(output: string, from?: string, to?: string): string | undefined {
  const lines = output.split('\n');
  const first = from === undefined ? 0 : lines.findIndex((line) => line.startsWith(from));
  if (first < 0) return undefined;
  const last =
    to === undefined
      ? lines.length - 1
      : lines.findIndex((line, i) => i >= first && line.startsWith(to));
  if (last < 0) return undefined;
  return `${lines
    .slice(first, last + 1)
    .join('\n')
    .trimEnd()}\n`;
}
