import { errorInfo, type ErrorInfo } from '../errors/index.ts';
import type { Arrival } from '../scheduler/scheduler.ts';
import type { StudySpec } from '../space/study-spec.ts';
import type { Outcome, StudyCommand } from './command.ts';
import type { ReportColumns, ReportItem, StopAs, StudyEventBody } from './event.ts';
import { violationOf } from './outcome.ts';
import { reportRows, type ReportRow } from './report-rows.ts';
import {
  isEnding,
  liveAttempt,
  lossOf,
  schedulerOf,
  specOf,
  type StudyState,
  type TrialRecord,
} from './state.ts';
import { fromWire, toWire } from './wire-number.ts';
import { withLoss } from './with-loss.ts';

type Report = Extract<StudyCommand, { kind: 'report' }>;

/**
 * The sampler of the trial of the file's defaults: the baseline, which the scheduler never stops.
 */
const BASELINE = 'default';

export function decideReport(state: StudyState, { items }: Report): Outcome {
  let taken: ReportItem[] = [];
  const rejected: { item: number; error: ErrorInfo }[] = [];
  const trials = items.length > 1 ? new Set<number>() : undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    const error = wrong(state, item) ?? (trials?.has(item.trial) ? TWICE : undefined);
    if (error !== undefined) {
      rejected.push({ item: index, error });
      continue;
    }
    trials?.add(item.trial);
    const fresh = unknownRows(state, item);
    if (fresh === undefined) continue;
    // Mostly one, which needs no room for more.
    if (taken.length === 0) taken = [fresh];
    else taken.push(fresh);
  }
  const events: StudyEventBody[] =
    taken.length > 0 ? [{ kind: 'reports', v: 1, items: taken }] : [];
  const reached: Reached = { byRung: undefined };
  for (const item of taken) addConsequences(events, state, item, reached);
  return rejected.length > 0 ? { events, rejected } : { events };
}

/** Why the item is not taken. */
function wrong(state: StudyState, item: ReportItem): ErrorInfo | undefined {
  const { trial: number, attempt, from, columns } = item;
  const trial = state.trials[number];
  if (trial === undefined) return errorInfo('trial.not-found', 'trial', { trial: number });
  const live = liveAttempt(trial);
  if (live === undefined || trial.attempts.length !== attempt) {
    return errorInfo('attempt.stale', 'attempt', { trial: number, attempt });
  }
  if (from > live.rows) return errorInfo('report.gap', 'from', { from, rows: live.rows });
  return uneven(columns);
}

const TWICE = errorInfo('request.invalid', 'items', {
  problem: 'the rows of one attempt are in several items',
});

/** The item without the rows that are known already. */
function unknownRows(state: StudyState, item: ReportItem): ReportItem | undefined {
  const { rows } = state.trials[item.trial]!.attempts.at(-1)!;
  const seen = rows - item.from;
  if (seen >= item.columns.step.length) return undefined;
  if (seen === 0) return item;
  return { ...item, from: rows, columns: withoutFirst(item.columns, seen) };
}

/** Arrivals of all items of one command: later ones are compared with earlier ones. Most commands have none. */
interface Reached {
  byRung: Map<number, Arrival[]> | undefined;
}

/**
 * Rungs, warnings and the stop that the rows bring about; nothing more is decided once a stop is.
 */
function addConsequences(
  events: StudyEventBody[],
  state: StudyState,
  { trial: number, columns }: ReportItem,
  reached: Reached,
): void {
  const spec = specOf(state);
  const trial = state.trials[number]!;
  const warned = trial.warnings.map(({ code }) => code);
  let passed: readonly number[] = trial.passed;
  let stopping = isEnding(trial);
  for (const row of reportRows(spec, trial, columns)) {
    const warning = warningOf(spec, trial, row);
    if (warning !== undefined && !warned.includes(warning.code)) {
      warned.push(warning.code);
      events.push({ kind: 'trial-warned', v: 1, trial: trial.number, warning });
    }
    if (row.meaning === 'invalid') {
      if (!stopping) events.push(invalid(spec, trial, row));
      return;
    }
    if (stopping) continue;
    const rung =
      row.meaning === 'kept' ? atRung(state, trial, columns, row, passed, reached) : undefined;
    if (rung !== undefined) {
      events.push(rung);
      passed = withLoss(passed, rung.rung, fromWire(rung.loss));
    }
    const stop =
      rung?.decision === 'stop'
        ? stopRequest(trial, 'stopped', rung.reason)
        : pastFull(spec, trial, row);
    if (stop === undefined) continue;
    events.push(stop);
    stopping = true;
  }
}

function atRung(
  state: StudyState,
  trial: TrialRecord,
  columns: ReportColumns,
  row: ReportRow,
  passed: readonly number[],
  reached: Reached,
): Extract<StudyEventBody, { kind: 'rung-reached' }> | undefined {
  const scheduler = schedulerOf(state);
  const rung = scheduler.due(passed.length, row.step);
  if (rung === undefined) return undefined;
  const loss = comparedLoss(specOf(state), trial, columns, row);
  const arrival = { loss, passed };
  const byRung = (reached.byRung ??= new Map<number, Arrival[]>());
  const { decision, reason } = scheduler.decide(rung, arrival, byRung);
  const arrived = byRung.get(rung);
  if (arrived === undefined) byRung.set(rung, [arrival]);
  else arrived.push(arrival);
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

/** Every report that breaks an outcome constraint is worse than all that break none. */
function comparedLoss(
  spec: StudySpec,
  trial: TrialRecord,
  { metrics }: ReportColumns,
  { index, value }: ReportRow,
): number {
  if (spec.outcomeConstraints === undefined) return lossOf(spec, value!);
  const known = { ...trial.metrics };
  for (const { metric } of spec.outcomeConstraints) {
    const wire = metrics[metric]?.[index] ?? undefined;
    if (wire !== undefined) known[metric] = fromWire(wire);
  }
  return violationOf(spec, known) > 0 ? Infinity : lossOf(spec, value!);
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
  as: StopAs,
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
  for (const name of Object.keys(columns.metrics)) {
    const got = columns.metrics[name]!.length;
    if (got === rows) continue;
    const data = { name, rows, got };
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
