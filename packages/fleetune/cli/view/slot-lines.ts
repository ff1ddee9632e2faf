import type { RunningAttempt, StudyStatus } from '@fleetune/core';
import { bar, clockTime, figure, paramLines } from './figures.ts';
import { span, type Line } from './line.ts';

/** What each slot runs; idle slots too. */
export function slotLines(status: StudyStatus, now: number, width: number): Line[] {
  const steps = status.running.map((attempt) => stepText(attempt, status));
  const values = status.running.map(({ value }) => (value === undefined ? '' : figure(value)));
  const numbers = status.running.map(({ trial }) => `#${trial}`);
  const column = (texts: string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const [numberWidth, stepWidth, valueWidth] = [column(numbers), column(steps), column(values)];
  const lines = status.running.map((attempt, i) => {
    const share = progressOf(attempt, status);
    const line: Line = [
      span(numbers[i]!.padEnd(numberWidth), 'strong'),
      span(`  ${steps[i]!.padEnd(stepWidth)}  `),
      ...(share === undefined ? [] : [...bar(share, width < 80 ? 8 : 16), span('  ')]),
      span(`${values[i]!.padEnd(valueWidth)}  `),
      span(`${clockTime(now - attempt.sinceMs).padStart(5)}  `, 'faint'),
      ...(attempt.attempt > 1 ? [span(`attempt ${attempt.attempt}  `, 'warn')] : []),
      ...(attempt.stopping ? [span('stopping  ', 'warn')] : []),
    ];
    return [...line, ...(paramLines(attempt.params, Infinity, 3)[0] ?? [])];
  });
  const slots = status.utilization?.slots ?? 0;
  const idle = status.state === 'running' ? Math.max(0, slots - lines.length) : 0;
  return [...lines, ...Array.from({ length: idle }, () => [span('idle', 'faint')])];
}

function stepText(attempt: RunningAttempt, status: StudyStatus): string {
  if (attempt.step === undefined) return 'no report yet';
  const of = attempt.fidelityTarget ?? status.fidelity?.max;
  const name = status.fidelity?.metric ?? 'step';
  return `${name} ${figure(attempt.step)}${of === undefined ? '' : `/${figure(of)}`}`;
}

function progressOf(attempt: RunningAttempt, status: StudyStatus): number | undefined {
  const of = attempt.fidelityTarget ?? status.fidelity?.max;
  return of === undefined ? undefined : (attempt.step ?? 0) / of;
}
