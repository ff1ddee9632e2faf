import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import type { StudySpec } from '../space/study-spec.ts';
import type { Outcome, StudyCommand } from './command.ts';
import type { ReportColumns, StudyEventBody } from './event.ts';
import { reportRows, type ReportRow } from './report-rows.ts';
import {
  liveAttempt,
  lossOf,
  schedulerOf,
  specOf,
  type StudyState,
  type TrialRecord,
} from './state.ts';
import { toWire } from './wire-number.ts';

type Report = Extract<StudyCommand, { kind: 'report' }>;

/**
 * The sampler of the trial of the file's defaults: the baseline, which the scheduler never stops.
 */
const BASELINE = 'default';

export function decideReport(state: StudyState, command: Report): Outcome {
  const { trial: number, attempt: attemptNumber, from, columns } = command;
  const trial = state.trials[number];
  if (trial === undefined)
    return { refused: errorInfo('trial.not-found', 'trial', { trial: number }) };
  const attempt = liveAttempt(trial);
  if (attempt === undefined || trial.attempts.length !== attemptNumber) {
    const data = { trial: number, attempt: attemptNumber };
    return { refused: errorInfo('attempt.stale', 'attempt', data) };
  }
  const malformed = uneven(columns);
  if (malformed !== undefined) return { refused: malformed };
  if (from > attempt.rows) {
    return { refused: errorInfo('report.gap', 'from', { from, rows: attempt.rows }) };
  }
  const seen = attempt.rows - from;
  if (seen >= columns.step.length) return { events: [] };
  const fresh = seen === 0 ? columns : withoutFirst(columns, seen);
  const item = { trial: number, attempt: attemptNumber, from: attempt.rows, columns: fresh };
  return {
    events: [{ kind: 'reports', v: 1, items: [item] }, ...consequences(state, trial, fresh)],
  };
}

/**
 * Rungs, warnings and the stop that the rows bring about; nothing more is decided once a stop is.
 */
function consequences(
  state: StudyState,
  trial: TrialRecord,
  columns: ReportColumns,
): StudyEventBody[] {
  const spec = specOf(state);
  const events: StudyEventBody[] = [];
  const warned = new Set(trial.warnings.map((warning) => warning.code));
  let next = trial.passed.length;
  let stopping = trial.stopping !== undefined;
  for (const row of reportRows(spec, trial, columns, 0)) {
    const warning = warningOf(spec, trial, row);
    if (warning !== undefined && !warned.has(warning.code)) {
      warned.add(warning.code);
      events.push({ kind: 'trial-warned', v: 1, trial: trial.number, warning });
    }
    if (row.meaning === 'invalid') {
      if (!stopping) events.push(invalid(spec, trial, row));
      return events;
    }
    if (stopping) continue;
    const reached = row.meaning === 'kept' ? atRung(state, trial, row, next) : undefined;
    if (reached !== undefined) {
      events.push(reached);
      next = reached.rung + 1;
    }
    const stop =
      reached?.decision === 'stop'
        ? stopRequest(trial, 'stopped', reached.reason)
        : pastFull(spec, trial, row);
    if (stop === undefined) continue;
    events.push(stop);
    stopping = true;
  }
  return events;
}

function atRung(
  state: StudyState,
  trial: TrialRecord,
  row: ReportRow,
  next: number,
): Extract<StudyEventBody, { kind: 'rung-reached' }> | undefined {
  const scheduler = schedulerOf(state);
  const rung = scheduler.due(next, row.step);
  if (rung === undefined) return undefined;
  const loss = lossOf(specOf(state), row.value!);
  const { decision, reason } = scheduler.decide(rung, loss);
  const spared = decision === 'stop' && trial.sampler === BASELINE;
  return {
    kind: 'rung-reached',
    v: 1,
    trial: trial.number,
    attempt: trial.attempts.length,
    rung,
    step: row.step,
    loss: toWire(loss),
    decision: spared ? 'continue' : decision,
    reason: spared ? { code: 'baseline', text: `${reason.text}; the baseline goes on` } : reason,
  };
}

/** A program that goes on past the full fidelity has given its value: it need not go on. */
function pastFull(spec: StudySpec, trial: TrialRecord, row: ReportRow): StudyEventBody | undefined {
  if (row.meaning !== 'past-full' || row.step <= spec.fidelity!.max) return undefined;
  const { metric, max } = spec.fidelity!;
  return stopRequest(trial, 'stopped', { code: 'full', text: `${metric} ${max} was reached` });
}

function invalid(spec: StudySpec, trial: TrialRecord, row: ReportRow): StudyEventBody {
  const text = `reported ${spec.objective.metric} ${toWire(row.value!)}`;
  return stopRequest(trial, 'failed', { code: 'invalid-metric', text });
}

export function stopRequest(
  trial: TrialRecord,
  as: 'stopped' | 'cancelled' | 'failed',
  reason: { code: string; text: string },
): StudyEventBody {
  const attempt = trial.attempts.length;
  return { kind: 'stop-requested', v: 1, trial: trial.number, attempt, as, reason };
}

function warningOf(spec: StudySpec, trial: TrialRecord, row: ReportRow): ErrorInfo | undefined {
  if (spec.fidelity === undefined || row.meaning === 'other') return undefined;
  const { metric } = spec.fidelity;
  const place = `trial ${trial.number}`;
  if (row.counted) return errorInfo('report.no-step', place, { metric, step: row.step });
  if (row.meaning !== 'repeated') return undefined;
  return errorInfo('report.step-order', place, { metric, step: row.step });
}

function uneven(columns: ReportColumns): ErrorInfo | undefined {
  const rows = columns.step.length;
  for (const [name, values] of Object.entries(columns.metrics)) {
    if (values.length === rows) continue;
    const data = { name, rows, got: values.length };
    return errorInfo('report.columns', 'columns', data);
  }
  return undefined;
}

function withoutFirst(columns: ReportColumns, rows: number): ReportColumns {
  const metrics = Object.entries(columns.metrics).map(
    ([name, values]) => [name, values.slice(rows)] as const,
  );
  return { step: columns.step.slice(rows), metrics: Object.fromEntries(metrics) };
}
