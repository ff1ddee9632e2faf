// Rows of the tables as objects of the port, and back. JSON for what nobody filters or sorts by.

import type { StudyEvent } from '@fleetune/core';
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Append, Owner, SnapshotLine, StudyRow, TrialRow } from '../store.ts';

type Row = Record<string, SQLOutputValue>;

/** An append as the statements take it: made when it is called, so that later changes of its objects do no harm. */
export interface EncodedAppend {
  study: number;
  firstId: number;
  lastEvent: number;
  events: SQLInputValue[][];
  row: SQLInputValue[];
  trials: { number: number; values: SQLInputValue[] }[];
  spec?: string;
  snapshot: SnapshotLine[];
}

export function encodeAppend({ study, events, row, trials, snapshot }: Append): EncodedAppend {
  return {
    study,
    firstId: events[0]?.id ?? row.lastEvent + 1,
    events: events.map((event) => encodeEvent(study, event)),
    lastEvent: row.lastEvent,
    row: [row.lastEvent, row.state, JSON.stringify(row.trials), json(row.incumbent), study],
    trials: trials.map((trial) => ({ number: trial.number, values: encodeTrial(study, trial) })),
    ...present('spec', json(row.spec)),
    snapshot: snapshot ?? [],
  };
}

function encodeEvent(study: number, { id, at, kind, ...body }: StudyEvent): SQLInputValue[] {
  return [study, id, at, kind, JSON.stringify(body)];
}

export function decodeEvent({ id, at, kind, payload }: Row): StudyEvent {
  return { id, at, kind, ...(parse(payload) as object) } as StudyEvent;
}

export function decodeStudy(row: Row): StudyRow {
  return {
    id: row['id'] as number,
    name: row['name'] as string,
    spec: parse(row['spec']) as StudyRow['spec'],
    createdAt: row['created_at'] as number,
    lastEvent: row['last_event'] as number,
    state: row['state'] as StudyRow['state'],
    trials: parse(row['trials']) as StudyRow['trials'],
    ...present('incumbent', parse(row['incumbent']) as StudyRow['incumbent'] | null),
  };
}

function encodeTrial(study: number, trial: TrialRow): SQLInputValue[] {
  return [
    study,
    trial.number,
    trial.state,
    trial.value ?? null,
    trial.step ?? null,
    trial.attempts,
    trial.reports,
    trial.sampler,
    trial.createdAt,
    trial.startedAt ?? null,
    trial.endedAt ?? null,
    trial.reason,
    JSON.stringify(trial.params),
    JSON.stringify(trial.metrics),
    json(trial.tail),
  ];
}

export function decodeTrial(row: Row): TrialRow {
  return {
    number: row['number'] as number,
    state: row['state'] as TrialRow['state'],
    params: parse(row['params']) as TrialRow['params'],
    attempts: row['attempts'] as number,
    sampler: row['sampler'] as string,
    ...present('value', row['value'] as TrialRow['value'] | null),
    ...present('step', row['step'] as number | null),
    metrics: parse(row['metrics']) as TrialRow['metrics'],
    reports: row['reports'] as number,
    createdAt: row['created_at'] as number,
    ...present('startedAt', row['started_at'] as number | null),
    ...present('endedAt', row['ended_at'] as number | null),
    reason: row['reason'] as string,
    ...present('tail', parse(row['tail']) as string[] | null),
  };
}

export function encodeOwner(owner: Owner, epoch: number): SQLInputValue[] {
  return [epoch, owner.pid, owner.startedAt, owner.host, owner.url, owner.tokenFile];
}

export function decodeOwner(row: Row): Owner {
  return {
    pid: row['pid'] as number,
    startedAt: row['started_at'] as number,
    host: row['host'] as string,
    url: row['url'] as string,
    tokenFile: row['token_file'] as string,
  };
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function parse(text: SQLOutputValue | undefined): unknown {
  return typeof text === 'string' ? JSON.parse(text) : null;
}

/** `{ [key]: value }`, or nothing for SQL's null. */
function present<K extends string, V>(
  key: K,
  value: V | null | undefined,
): Partial<Record<K, NonNullable<V>>> {
  return value === null || value === undefined
    ? {}
    : ({ [key]: value } as Partial<Record<K, NonNullable<V>>>);
}
