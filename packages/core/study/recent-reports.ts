// The last reports of a trial, which an edit of the ladder or a correction looks at. While it runs
// they are numbers: step, value, step, value, …. Once it has ended they are text: half of what a
// study keeps are such numbers, and text is read from a snapshot ten times as fast.

import type { TrialRecord } from './state.ts';

export const RECENT_REPORTS = 32;

/** A list that waits for the first one would be old by then, and keep all of them from the young collector. */
export const NO_REPORTS = '';

type Recent = Pick<TrialRecord, 'recent'>;

export function recentReports({ recent }: Recent): readonly number[] {
  return typeof recent === 'string' ? unpacked(recent) : recent;
}

export function keepReport(trial: Recent, step: number, value: number): void {
  if (trial.recent === NO_REPORTS) {
    // Just the room that they need: many trials have one.
    trial.recent = [step, value];
    return;
  }
  const recent = typeof trial.recent === 'string' ? unpacked(trial.recent) : trial.recent;
  recent.push(step, value);
  // Half at once, so that keeping the last ones costs O(1) per report.
  if (recent.length > 2 * RECENT_REPORTS) recent.splice(0, RECENT_REPORTS);
  trial.recent = recent;
}

/** The value of a trial at a step was another one. */
export function correctReport(trial: Recent, step: number | undefined, value: number): void {
  const recent = [...recentReports(trial)];
  for (let i = recent.length - 2; i >= 0; i -= 2) {
    if (recent[i] !== step) continue;
    recent[i + 1] = value;
    break;
  }
  trial.recent = typeof trial.recent === 'string' ? packed(recent) : recent;
}

/** `value` one step after the report before it, else `step:value`. */
export function packed(recent: readonly number[]): string {
  let text = '';
  let next = 1;
  for (let i = 0; i < recent.length; i += 2) {
    const step = recent[i]!;
    if (i > 0) text += ' ';
    if (step !== next) text += `${shown(step)}:`;
    text += shown(recent[i + 1]!);
    next = step + 1;
  }
  return text;
}

function unpacked(text: string): number[] {
  if (text === NO_REPORTS) return [];
  const recent: number[] = [];
  let next = 1;
  for (const item of text.split(' ')) {
    const colon = item.indexOf(':');
    const step = colon < 0 ? next : Number(item.slice(0, colon));
    recent.push(step, Number(item.slice(colon + 1)));
    next = step + 1;
  }
  return recent;
}

function shown(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
