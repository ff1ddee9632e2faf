import { lineWidth, type Line, type Span } from './line.ts';
import { textWidth } from './text-width.ts';

/** The line broken between words, in lines of at most `width` columns; a longer word has one of its own. */
export function flow(line: Line, width: number): Line[] {
  const lines: Line[] = [[]];
  let used = 0;
  for (const { text, ...style } of line) {
    for (const word of text.match(/\s+|\S+/g) ?? []) {
      const columns = textWidth(word);
      const blank = word.trim() === '';
      if (used > 0 && used + columns > width && !blank) {
        lines.push([]);
        used = 0;
      }
      if (blank && used === 0 && lines.length > 1) continue;
      append(lines.at(-1)!, { text: word, ...style });
      used += columns;
    }
  }
  return lines.map(withoutTail).filter((part) => lineWidth(part) > 0);
}

/** Words of one style are one span: one pair of escape sequences. */
function append(line: Line, part: Span): void {
  const last = line.at(-1);
  if (last !== undefined && last.style === part.style) last.text += part.text;
  else line.push(part);
}

/** Without the blank that a break replaces. */
function withoutTail(line: Line): Line {
  const last = line.at(-1);
  return last === undefined ? line : [...line.slice(0, -1), { ...last, text: last.text.trimEnd() }];
}
