// Draws frames over each other at the end of the terminal's text, so that what was there before
// stays readable above.

import type { Console } from '../console.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/**
 * A line too wide by a misjudged character is cut by the terminal instead of breaking the frame.
 */
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
/** Synchronized output: a frame appears at once, where the terminal knows it. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const CLEAR_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_SCREEN = '\u001b[H\u001b[J';

export interface Painter {
  paint(lines: readonly string[]): void;
  /**
   * Takes the frame away and gives the terminal back; what is written then follows what was there
   * before.
   */
  close(): void;
}

/** Columns and lines for a frame; one of each is left for the cursor. */
export function frameSize(console: Console): { width: number; height: number } {
  const { columns, rows } = console.stdout;
  return { width: Math.max(1, (columns || 80) - 1), height: Math.max(1, (rows || 24) - 1) };
}

export function openPainter(console: Console): Painter {
  const { stdout } = console;
  let shown: readonly string[] = [];
  let resized = false;
  const stopResize = console.onResize(() => (resized = true));
  const restore = (): void => void stdout.write(WRAP + SHOW_CURSOR);
  const stopExit = console.onExit(restore);
  stdout.write(HIDE_CURSOR);

  // After a resize nobody knows where the old lines went: begin at the top.
  function home(): string {
    if (resized) return CLEAR_SCREEN;
    return shown.length === 0 ? '\r' : `\u001b[${shown.length}A\r`;
  }

  return {
    paint(lines) {
      const same = lines.length === shown.length && lines.every((line, i) => line === shown[i]);
      if (same && !resized) return;
      const frame = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
      stdout.write(BEGIN + NO_WRAP + home() + frame + CLEAR_BELOW + WRAP + END);
      shown = lines;
      resized = false;
    },
    close() {
      stopResize();
      stopExit();
      stdout.write(home() + CLEAR_BELOW);
      restore();
    },
  };
}
