import { readStudy, type StudySpec } from '@fleetune/core';
import {
  PROTOCOL,
  type Assignment,
  type Ended,
  type ExchangeRequest,
  type ExchangeResponse,
} from '@fleetune/protocol';
import type { Coordinator } from '../../coordinator.ts';

const noFacts = { ended: [], reports: [], free: [] };

/** What a worker sends, with the bookkeeping done; `at` is who coordinates now. */
export function scriptedWorker(at: () => Coordinator, worker: string, slots: number) {
  const identity = { protocol: PROTOCOL, worker, incarnation: '' };
  let registrations = 0;
  let lastSeq = 0;
  let nowUs = 0;
  const items = (trial: number, attempt: number, study: string) => ({ study, trial, attempt });
  return {
    /** What it would send in its last breath. */
    identity: () => ({ ...identity, seq: lastSeq + 1, nowUs, ...noFacts, waitMs: 0 }),
    register() {
      identity.incarnation = `${worker}-${++registrations}`;
      return at().dispatcher.register({ ...identity, host: 'test', pid: 1, slots });
    },
    exchange(parts: Partial<ExchangeRequest>, seq?: number): Promise<ExchangeResponse> {
      lastSeq = Math.max(lastSeq + 1, seq ?? 0);
      // Nothing has ended later than now.
      nowUs = Math.max(nowUs + 1000, ...(parts.ended ?? []).map(({ exitedUs }) => exitedUs));
      const rest = { nowUs, ...noFacts, waitMs: 0, ...parts };
      return at().dispatcher.exchange({ ...identity, seq: seq ?? lastSeq, ...rest });
    },
    report: (trial: number, loss: number, { attempt = 1, study = 'study' } = {}) => ({
      ...items(trial, attempt, study),
      from: 0,
      columns: { step: [1], metrics: { loss: [loss] } },
    }),
    end: (trial: number, slot: number, { attempt = 1, study = 'study' } = {}): Ended => ({
      ...items(trial, attempt, study),
      end: 'completed',
      why: 'exited with 0',
      slot,
      spawnedUs: nowUs,
      exitedUs: nowUs + 500,
    }),
    /** The whole life of what it was told to run. */
    done: (assignments: readonly Assignment[]) => ({
      reports: assignments.map(({ study, trial, attempt }) => ({
        ...items(trial, attempt, study),
        from: 0,
        columns: { step: [1], metrics: { loss: [trial] } },
      })),
      ended: assignments.map(({ study, trial, attempt, slot }): Ended => ({
        ...items(trial, attempt, study),
        end: 'completed',
        why: 'exited with 0',
        slot,
        spawnedUs: nowUs,
        exitedUs: nowUs + 500,
      })),
    }),
  };
}

export type ScriptedWorker = ReturnType<typeof scriptedWorker>;

export function specWith(budget: object, more: object = {}): StudySpec {
  const raw = {
    name: 'study',
    objective: { metric: 'loss', direction: 'minimize' },
    space: { x: { type: 'float', low: 0, high: 1 } },
    budget,
    command: ['true'],
    ...more,
  };
  const read = readStudy(raw, { cwd: '/tmp', seed: 1 });
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.spec;
}

/** Lets everything that waits only for resolved promises and the store's turn happen. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}
