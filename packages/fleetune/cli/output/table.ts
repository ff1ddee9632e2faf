import { textWidth, printable } from '../view/text-width.ts';

/** Columns two blanks apart; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, i) => Math.max(...cells.map((row) => textWidth(row[i] ?? ''))));
  const right = header.map((_, i) => rows.every((row) => /^[-+]?[\d.,e+-]*$/i.test(row[i] ?? '')));
  return cells.map((row) =>
    row
      .map((text, i) => {
        const blanks = ' '.repeat(widths[i]! - textWidth(text));
        return right[i] === true ? blanks + text : text + blanks;
      })
      .join('  ')
      .trimEnd(),
  );
}
