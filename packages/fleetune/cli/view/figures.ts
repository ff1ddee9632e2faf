// Numbers and times as people read them in a view: short, never wrong by more than the digits
// shown.

import type { ParamValue, Params, StudyStatus, WireNumber } from '@fleetune/core';
import { span, type Line, type Style } from './line.ts';
import { textWidth } from './text-width.ts';

/** Up to `digits` significant digits, without trailing zeros. */
export function figure(value: WireNumber | number, digits = 5): string {
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return String(value);
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-4 || size >= 1e9) ? rounded.toExponential() : String(rounded);
}

export function paramText(value: ParamValue, digits = 5): string {
  return typeof value === 'number' ? figure(value, digits) : String(value);
}

/** `1,234`. */
export function count(value: number): string {
  return figure(value, 6).replace(/^\d{4,}/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ','));
}

export function percent(share: number): string {
  const hundredths = share * 100;
  return `${hundredths >= 99.95 || hundredths < 0.05 ? Math.round(hundredths) : hundredths.toFixed(1)} %`;
}

/** `0:42`, `12:03`, `1:02:03`, `2d 03:04:05`. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (hours === 0) return `${minutes}:${two(seconds % 60)}`;
  if (days === 0) return `${hours}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return `${days}d ${two(hours % 24)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Time that is left: never `0:00` while something is. */
export function etaText(etaMs: number): string {
  return `ETA ${clockTime(Math.ceil(etaMs / 1000) * 1000)}`;
}

/** How far the budget of trials is: those that still run are not done. */
export function trialsEnded({ trials }: Pick<StudyStatus, 'trials'>): number {
  return trials.completed + trials.stopped + trials.failed + trials.infeasible;
}

/** A bar of `width` columns, `share` of it filled. */
export function bar(share: number, width: number, style: Style = 'accent'): Line {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return [span('━'.repeat(filled), style), span('─'.repeat(width - filled), 'faint')];
}

/** `lr 0.0123   units 128`, as many lines of `width` columns as it takes. */
export function paramLines(params: Params, width: number, digits = 5): Line[] {
  const lines: Line[] = [];
  let line: Line = [];
  let used = 0;
  for (const [name, value] of Object.entries(params)) {
    const part: Line = [span(`${name} `, 'faint'), span(paramText(value, digits))];
    const columns = part.reduce((sum, { text }) => sum + textWidth(text), 0);
    if (used > 0 && used + 3 + columns > width) {
      lines.push(line);
      line = [];
      used = 0;
    }
    if (used > 0) line.push(span('   '));
    line.push(...part);
    used += columns + (used > 0 ? 3 : 0);
  }
  if (line.length > 0) lines.push(line);
  return lines;
}
