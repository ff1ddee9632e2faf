import { span, type Line } from './line.ts';

/** Eighths of a line, from the bottom. */
const BLOCKS = ' ▁▂▃▄▅▆▇█';
const EIGHTHS = 8;

/** Values from 0 to `top` as an area of `width` columns and `height` lines; several values to a column are averaged. */
export function areaChart(
  values: readonly number[],
  { top, width, height }: { top: number; width: number; height: number },
): Line[] {
  const columns = Array.from({ length: width }, (_, column) => meanOf(values, column, width));
  return Array.from({ length: height }, (_, row) => {
    const floor = (height - 1 - row) * EIGHTHS;
    const text = columns.map((value) => {
      const eighths = Math.round((value / top) * height * EIGHTHS);
      // What is there at all is seen.
      const shown = value > 0 ? Math.max(1, eighths) : 0;
      return BLOCKS[Math.min(EIGHTHS, Math.max(0, shown - floor))];
    });
    return [span(text.join(''), 'accent')];
  });
}

/** The mean over the stretch of the column, parts of values included. */
function meanOf(values: readonly number[], column: number, columns: number): number {
  const from = (column * values.length) / columns;
  const to = ((column + 1) * values.length) / columns;
  let sum = 0;
  for (let i = Math.floor(from); i < to; i++) {
    sum += (values[i] ?? 0) * (Math.min(i + 1, to) - Math.max(i, from));
  }
  return sum / (to - from);
}
