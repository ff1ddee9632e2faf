import { errorInfo, type ErrorInfo, type ReportItem, type StudyCommand } from '@fleetune/core';
import { mark } from '@fleetune/platform';
import type { Ended, ExchangeRequest, ExchangeResponse, Reports } from '@fleetune/protocol';
import { activeStudy, type ActiveStudy, type DispatcherState } from './dispatcher-state.ts';
import { timesOf } from './worker-clock.ts';
import { attemptOf, vacate, type WorkerRecord } from './worker-table.ts';

type EndAttempt = Extract<StudyCommand, { kind: 'end-attempt' }>;

/** Takes an exchange's reports and ends into their studies; the answer says which ones were not taken. */
export function takeFacts(
  state: DispatcherState,
  worker: WorkerRecord,
  request: ExchangeRequest,
): ExchangeResponse['rejected'] {
  const rejected: ExchangeResponse['rejected'] = [];
  if (request.reports.length + request.ended.length === 0) return rejected;
  const collect = (item: Ended | Reports, refusal: ErrorInfo | undefined): void => {
    if (refusal === undefined) return;
    const { study, trial, attempt } = item;
    rejected.push({ study, trial, attempt, code: refusal.code });
  };
  if (request.reports.length > 0) takeReports(worker, request.reports, collect);
  for (const item of request.ended) collect(item, takeEnd(state, worker, item));
  return rejected;
}

/** One command a study: its reports are one event. */
function takeReports(
  worker: WorkerRecord,
  reports: readonly Reports[],
  collect: (item: Reports, refusal: ErrorInfo | undefined) => void,
): void {
  let said: { study: ActiveStudy; items: Reports[] }[] = [];
  for (const item of reports) {
    const occupant = attemptOf(worker, item);
    // Nobody who means well says two things of one attempt in one breath.
    if (occupant === undefined || occupant.reportedIn === worker.lastSeq) {
      collect(item, stale(item));
      continue;
    }
    occupant.answeredIn = Infinity;
    occupant.reportedIn = worker.lastSeq;
    const ofStudy = said.find(({ study }) => study === occupant.study);
    if (ofStudy === undefined) said = said.concat({ study: occupant.study, items: [item] });
    else ofStudy.items.push(item);
  }
  for (const { study, items } of said) {
    const refusals = study.host.report(items.map(reportItem));
    items.forEach((item, index) => collect(item, refusals[index]));
  }
}

function reportItem({ trial, attempt, from, columns }: Reports): ReportItem {
  return { trial, attempt, from, columns };
}

function takeEnd(state: DispatcherState, worker: WorkerRecord, item: Ended): ErrorInfo | undefined {
  const occupant = attemptOf(worker, item);
  if (occupant === undefined) return endAgain(state, worker, item);
  if (occupant.slot !== item.slot) return stale(item);
  const { trial, attempt, why, exit, tail, setupFailed = false } = item;
  const { host } = occupant.study;
  // What did not begin took nothing of the slot's time.
  const began = !occupant.reserve || item.exitedUs > item.spawnedUs;
  const { spawnedUs, exitedUs } = timesOf(worker, item);
  // The host is not fit for the study: that is not the trial's doing.
  const end = setupFailed ? 'preempted' : item.end;
  const { waits } = occupant;
  const command: EndAttempt = { kind: 'end-attempt', trial, attempt, end, why, waits };
  if (exit !== undefined) command.exit = exit;
  if (tail !== undefined) command.tail = tail;
  if (began) command.use = { worker: worker.id, slot: item.slot, spawnedUs, exitedUs };
  const refused = host.apply(command);
  if (refused === undefined && setupFailed) {
    const reason = { code: 'setup-failed', text: why };
    host.apply({ kind: 'quarantine-worker', worker: worker.id, reason });
  }
  if (refused === undefined || refused.code === 'attempt.stale') vacate(occupant, exitedUs);
  return refused;
}

/** It has ended already, and maybe so: a worker that got no answer from an earlier coordinator says it again. */
function endAgain(
  state: DispatcherState,
  worker: WorkerRecord,
  item: Ended,
): ErrorInfo | undefined {
  const { study, trial, attempt, end, exit } = item;
  const host = activeStudy(state, study)?.host;
  const record = host?.state.trials[trial]?.attempts[attempt - 1];
  if (record?.end === undefined || record.worker !== worker.id) return stale(item);
  mark('end-told-again');
  return host?.apply({ kind: 'end-attempt', trial, attempt, end, ...(exit && { exit }) });
}

function stale({ trial, attempt }: Ended | Reports): ErrorInfo {
  mark('fact-stale');
  return errorInfo('attempt.stale', 'attempt', { trial, attempt });
}
