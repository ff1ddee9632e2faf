import { errorInfo, type ErrorInfo, type ReportItem } from '@fleetune/core';
import type { Ended, ExchangeRequest, ExchangeResponse, Reports } from '@fleetune/protocol';
import type { StudyHost } from '../study-host.ts';
import type { Occupant, WorkerRecord } from './worker-table.ts';

/** Takes an exchange's reports and ends into their studies; the answer says which ones were not taken. */
export function takeFacts(
  worker: WorkerRecord,
  request: ExchangeRequest,
): ExchangeResponse['rejected'] {
  const rejected: ExchangeResponse['rejected'] = [];
  const collect = (item: Ended | Reports, refusal: ErrorInfo | undefined): void => {
    if (refusal === undefined) return;
    const { study, trial, attempt } = item;
    rejected.push({ study, trial, attempt, code: refusal.code });
  };
  const byHost = new Map<StudyHost, Reports[]>();
  for (const item of request.reports) {
    const host = worker.slots.find(({ occupant }) => isAttempt(occupant, item))?.occupant?.host;
    if (host === undefined) collect(item, stale(item));
    else byHost.set(host, [...(byHost.get(host) ?? []), item]);
  }
  for (const [host, items] of byHost) {
    const verdicts = host.report(items.map(reportItem));
    verdicts.forEach((refusal, index) => collect(items[index]!, refusal));
  }
  for (const item of request.ended) collect(item, takeEnd(worker, item));
  return rejected;
}

function reportItem({ trial, attempt, from, columns }: Reports): ReportItem {
  return { trial, attempt, from, columns };
}

function takeEnd(worker: WorkerRecord, item: Ended): ErrorInfo | undefined {
  const slot = worker.slots[item.slot];
  if (slot === undefined || !isAttempt(slot.occupant, item)) return stale(item);
  const { trial, attempt, end, why, exit, tail, spawnedUs, exitedUs } = item;
  const refused = slot.occupant.host.apply({
    kind: 'end-attempt',
    trial,
    attempt,
    end,
    why,
    ...(exit && { exit }),
    ...(tail && { tail }),
    use: { worker: worker.id, slot: item.slot, spawnedUs, exitedUs },
    waits: slot.occupant.waits,
  });
  if (refused === undefined || refused.code === 'attempt.stale') slot.occupant = undefined;
  return refused;
}

function isAttempt(occupant: Occupant | undefined, item: Ended | Reports): occupant is Occupant {
  return (
    occupant?.host.name === item.study &&
    occupant.trial === item.trial &&
    occupant.attempt === item.attempt
  );
}

function stale({ trial, attempt }: Ended | Reports): ErrorInfo {
  return errorInfo('attempt.stale', 'attempt', { trial, attempt });
}
