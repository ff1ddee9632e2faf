import { assert } from '../errors/index.ts';
import type { StudySpec } from '../space/study-spec.ts';
import type { ReportColumns, StudyEventBody } from './event.ts';
import { placeAtRung } from './derive.ts';
import { begin } from './evolve-started.ts';
import { keepReport } from './recent-reports.ts';
import { reportRows, type ReportRow } from './report-rows.ts';
import { liveAttempt, schedulerOf, specOf, type StudyState, type TrialRecord } from './state.ts';
import { fromWire } from './wire-number.ts';
import { withLoss } from './with-loss.ts';

type Item = Extract<StudyEventBody, { kind: 'reports' }>['items'][number];
type RungReached = Extract<StudyEventBody, { kind: 'rung-reached' }>;

export function evolveReports(state: StudyState, item: Item, at: number): void {
  const spec = specOf(state);
  const trial = state.trials[item.trial];
  const attempt = trial && liveAttempt(trial);
  assert(trial && attempt && trial.attempts.length === item.attempt, 'reports of a dead attempt');
  assert(item.from === attempt.rows, () => `reports from ${item.from} follow ${attempt.rows}`);
  begin(state, trial, attempt, at);
  attempt.rows += item.columns.step.length;
  for (const row of reportRows(spec, trial, item.columns)) {
    if (row.meaning === 'invalid') break;
    if (row.meaning === 'kept' || row.meaning === 'other') {
      keepMetrics(spec, trial, item.columns, row.index);
    }
    if (row.meaning === 'kept') keepValue(state, spec, trial, row);
  }
}

function keepValue(
  state: StudyState,
  spec: StudySpec,
  trial: TrialRecord,
  { step, value }: ReportRow,
): void {
  const attempt = trial.attempts.at(-1)!;
  state.start.reported = true;
  if (spec.fidelity !== undefined) {
    state.spent += Math.max(0, step - (attempt.step ?? 0));
  }
  attempt.step = step;
  trial.reports += 1;
  keepReport(trial, step, value!);
  // A repeated attempt begins again below what an earlier one reached.
  if (spec.fidelity !== undefined && step < (trial.step ?? -Infinity)) return;
  trial.value = value!;
  trial.step = step;
}

function keepMetrics(
  spec: StudySpec,
  trial: TrialRecord,
  columns: ReportColumns,
  index: number,
): void {
  for (const name of [spec.objective.metric, ...spec.extraMetrics]) {
    const wire = columns.metrics[name]?.[index] ?? undefined;
    if (wire !== undefined) trial.metrics[name] = fromWire(wire);
  }
}

export function evolveRung(state: StudyState, trial: TrialRecord, event: RungReached): void {
  const { rung } = event;
  const loss = fromWire(event.loss);
  trial.passed = withLoss(trial.passed, rung, loss);
  schedulerOf(state).record(rung, { loss, passed: trial.passed });
  placeAtRung(state, trial, rung, loss);
  countAt(state.reachedAt, rung);
  if (event.decision !== 'stop') return;
  countAt(state.stoppedAt, rung);
  trial.stoppedRung = rung;
}

function countAt(counts: number[], rung: number): void {
  while (counts.length <= rung) counts.push(0);
  counts[rung]! += 1;
}
