import type { RunEnd, StudyStatus } from '@fleetune/core';

export interface RunResult {
  end: RunEnd;
  /** DESIGN §15.4. */
  exitCode: number;
  status: StudyStatus;
}

export function runResult(end: RunEnd, status: StudyStatus): RunResult {
  return { end, exitCode: exitCodeOf(end, status), status };
}

function exitCodeOf(end: RunEnd, status: StudyStatus): number {
  if (end === 'drained') return 130;
  if (end === 'start-crash') return 4;
  const found =
    status.front === undefined ? status.incumbent !== undefined : status.front.length > 0;
  return found ? 0 : 1;
}
