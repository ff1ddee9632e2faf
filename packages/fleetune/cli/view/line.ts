// A line of a view is a list of spans: laid out in plain columns first, coloured last, so that no
// escape sequence is ever measured or cut.

import { styleText } from 'node:util';
import { printable, textWidth, truncate } from './text-width.ts';

export type Style = 'strong' | 'faint' | 'good' | 'bad' | 'warn' | 'accent';

export interface Span {
  text: string;
  style?: Style;
}

export type Line = Span[];

const formats = {
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  accent: 'cyan',
} as const;

export function span(text: string, style?: Style): Span {
  return style === undefined ? { text: printable(text) } : { text: printable(text), style };
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** The line cut to `width` columns. */
export function fit(line: Line, width: number): Line {
  if (lineWidth(line) <= width) return line;
  const cut: Line = [];
  let left = width;
  for (const part of line) {
    const columns = textWidth(part.text);
    // One column is kept for the ellipsis as long as something follows.
    if (columns < left) {
      cut.push(part);
      left -= columns;
    } else {
      cut.push({ ...part, text: truncate(columns === left ? `${part.text} ` : part.text, left) });
      break;
    }
  }
  return cut;
}

/** Cut or filled with blanks to exactly `width` columns. */
function pad(line: Line, width: number): Line {
  const cut = fit(line, width);
  const missing = width - lineWidth(cut);
  return missing > 0 ? [...cut, { text: ' '.repeat(missing) }] : cut;
}

/**
 * `left` and `right` at the two ends of `width` columns; the right end wins when there is too
 * little room.
 */
export function justify(left: Line, right: Line, width: number): Line {
  const end = fit(right, width);
  const room = width - lineWidth(end);
  return room < 4 ? fit(left, width) : [...pad(fit(left, room - 2), room), ...end];
}

export function paintLine(line: Line, colour: boolean): string {
  const painted = line.map(({ text, style }) =>
    colour && style !== undefined && text.trim() !== ''
      ? styleText(formats[style], text, { validateStream: false })
      : text,
  );
  return colour ? painted.join('') : painted.join('').trimEnd();
}
