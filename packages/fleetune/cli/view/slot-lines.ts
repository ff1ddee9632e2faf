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
  const several = new Set(status.running.map(({ worker }) => worker)).size > 1;
  const workerWidth = column(status.running.map(({ worker }) => worker));
  const lines = status.running.map((attempt, i) => {
    const share = progressOf(attempt, status);
    const line: Line = [
      span(numbers[i]!.padEnd(numberWidth), 'strong'),
      span(`  ${steps[i]!.padEnd(stepWidth)}  `),
      ...(share === undefined ? [] : [...bar(share, width < 80 ? 8 : 16), span('  ')]),
      span(`${values[i]!.padEnd(valueWidth)}  `),
      span(`${clockTime(now - attempt.sinceMs).padStart(5)}  `, 'faint'),
      ...(several ? [span(`${attempt.worker.padEnd(workerWidth)}  `, 'faint')] : []),
      ...(attempt.solo ? [span('alone  ', 'warn')] : []),
      ...(attempt.begun > 1 ? [span(`attempt ${attempt.attempt}  `, 'warn')] : []),
      ...(attempt.stopping ? [span('stopping  ', 'warn')] : []),
    ];
    return [...line, ...(paramLines(attempt.params, Infinity, 3)[0] ?? [])];
  });
  return [...lines, ...idleLines(status)];
}

/** Idle slots with what they wait for, those that wait for the same in one line. */
function idleLines(status: StudyStatus): Line[] {
  if (status.state !== 'running') return [];
  const { workers } = status;
  if (workers === undefined) {
    const idle = Math.max(0, (status.utilization?.slots ?? 0) - status.running.length);
    return idle === 0 ? [] : [[span(idleText(idle), 'faint')]];
  }
  const waits = Map.groupBy(
    workers.flatMap(({ idle }) => idle),
    ({ reason }) => reason.text,
  );
  const waiting = workers.reduce((sum, { idle }) => sum + idle.length, 0);
  const free = workers.reduce((sum, w) => sum + w.slots - w.running - w.elsewhere, 0) - waiting;
  return [
    ...[...waits].map(([text, slots]) => {
      const longest = Math.max(...slots.map(({ sinceMs }) => sinceMs));
      return [
        span(`${idleText(slots.length)}  ${clockTime(longest)}  `, 'faint'),
        span(text, 'warn'),
      ];
    }),
    ...(free > 0 ? [[span(idleText(free), 'faint')]] : []),
  ];
}

function idleText(slots: number): string {
  return slots === 1 ? 'idle' : `${slots} idle`;
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
