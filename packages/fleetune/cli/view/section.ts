// A section is a label on the left rail and its content; sections know how little they can do with.

import { fit, lineWidth, span, type Line } from './line.ts';

const RAIL = 14;

/** From this `drop` on, a section gives way before a blank line does. */
const NICE_TO_HAVE = 5;

export interface Section {
  lines: Line[];
  /** Lines that stay when room is short. */
  least: number;
  /** The higher, the earlier it shrinks and goes; 0 stays. */
  drop: number;
  /** Written in place of the lines that had to go. */
  more?: (hidden: number) => Line;
}

/** The label before the first line, blanks before the others; every line cut to `width`. */
export function labelled(label: string, content: readonly Line[], width: number): Line[] {
  return content.map((line, i) =>
    fit([span((i === 0 ? label : '').padEnd(RAIL), 'faint'), ...line], width),
  );
}

/** Columns left of `width` for the content of a labelled section. */
export function contentWidth(width: number): number {
  return Math.max(1, width - RAIL);
}

/**
 * Sections one under the other with a blank line between them, in at most `height` lines. When room
 * is short, first what is only nice to have shrinks, then the blank lines go (from below), then
 * everything shrinks, then sections go.
 */
export function stack(sections: readonly Section[], height: number): Line[] {
  let shown = sections.map((section) => ({ ...section }));
  let blanks = Infinity;
  const excess = (): number => {
    shown = shown.filter(({ lines }) => lines.length > 0);
    blanks = Math.min(blanks, shown.length - 1);
    return shown.reduce((sum, { lines }) => sum + lines.length, blanks) - height;
  };
  const shrink = (all: boolean): void => {
    for (const section of [...shown].sort((a, b) => b.drop - a.drop)) {
      const over = excess();
      if (over > 0 && (all || section.drop >= NICE_TO_HAVE)) {
        shorten(section, Math.max(section.least, section.lines.length - over));
      }
    }
  };
  shrink(false);
  blanks = Math.max(0, blanks - Math.max(0, excess()));
  shrink(true);
  while (excess() > 0 && shown.length > 1) {
    const first = shown.reduce((a, b) => (b.drop >= a.drop ? b : a));
    shown = shown.filter((section) => section !== first);
  }
  const lines = shown.flatMap((section, i) =>
    i > 0 && i <= blanks ? [[], ...section.lines] : section.lines,
  );
  return lines.slice(0, Math.max(0, height));
}

/** Two blocks side by side. */
export function beside(left: readonly Line[], right: readonly Line[], leftWidth: number): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const first = fit(left[i] ?? [], leftWidth);
    const second = right[i] ?? [];
    if (second.length === 0) return first;
    return [...first, span(' '.repeat(leftWidth - lineWidth(first) + 3)), ...second];
  });
}

function shorten(section: Section, length: number): void {
  const hidden = section.lines.length - length;
  if (hidden <= 0) return;
  section.lines =
    section.more === undefined || length < 2
      ? section.lines.slice(0, length)
      : [...section.lines.slice(0, length - 1), section.more(hidden + 1)];
}
