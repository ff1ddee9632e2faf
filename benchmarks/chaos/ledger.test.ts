import type { StudyEvent, StudyEventBody } from '@fleetune/core';
import { describe, expect, it } from 'vitest';
import { judge, readLedger, usefulPercent } from './ledger.ts';

const reason = { code: 'c', text: 't' };
const created = (trial: number): StudyEventBody => {
  return { kind: 'trial-created', v: 1, trial, params: {}, sampler: 'random', reason };
};
const attemptEnded = (trial: number, attempt: number, end: 'completed' | 'lost') =>
  ({ kind: 'attempt-ended', v: 1, trial, attempt, end, reason }) as const;
const trialEnded = (trial: number, value: number) =>
  ({ kind: 'trial-ended', v: 1, trial, state: 'completed', value, reason }) as const;

function log(...bodies: StudyEventBody[]): StudyEvent[] {
  return bodies.map((body, index) => ({ id: index + 1, at: 0, ...body }));
}

const sound = log(
  created(0),
  attemptEnded(0, 1, 'lost'),
  attemptEnded(0, 2, 'completed'),
  trialEnded(0, 0.5),
);
const runs = readLedger('begin 0 1 1000\nbegin 0 2 3000\nend 0 1 4000 0.25\nend 0 2 5000 0.5\n');

describe('the judge of a log', () => {
  it('finds nothing in one where each trial has one result that its program gave', () => {
    const seen = [structuredClone(sound[3]!)];
    const { lost, wrong, counted } = judge(sound, runs, seen);
    expect({ lost, wrong }).toEqual({ lost: [], wrong: [] });
    expect(counted).toEqual([
      { trial: 0, attempt: 2, beganMs: 3000, begins: 1, ended: { atMs: 5000, value: 0.5 } },
    ]);
  });

  it('misses an event that a client was shown, and one that says something else now', () => {
    const seen = [
      { ...sound[3]!, at: 1 },
      { ...sound[3]!, id: 5 },
    ];
    expect(judge(sound, runs, seen).lost).toHaveLength(2);
  });

  it('misses the result of a trial that was created', () => {
    expect(judge(log(created(0)), runs, []).lost).toEqual(['trial 0 has no result']);
  });

  it('objects to an attempt whose program was begun twice', () => {
    const twice = readLedger('begin 0 2 3000\nbegin 0 2 3500\nend 0 2 5000 0.5\n');
    expect(judge(sound, twice, []).wrong).toEqual(['attempt 0.2 was begun 2 times']);
  });

  it('objects to a result that counts twice, or that no program gave', () => {
    const twice = [...sound, ...log(attemptEnded(0, 3, 'completed'), trialEnded(0, 0.5))];
    expect(judge(twice, runs, []).wrong).toHaveLength(2);
    const invented = log(created(0), attemptEnded(0, 2, 'completed'), trialEnded(0, 0.25));
    expect(judge(invented, runs, []).wrong).toHaveLength(1);
    const unfinished = readLedger('begin 0 2 3000\n');
    expect(judge(sound, unfinished, []).wrong).toHaveLength(1);
  });
});

it('useful is what counted attempts ran within the time, whatever the slots did besides', () => {
  const { counted } = judge(sound, runs, []);
  expect(usefulPercent(counted, { fromMs: 1000, toMs: 5000, slots: 1 })).toBe(50);
  expect(usefulPercent(counted, { fromMs: 4000, toMs: 5000, slots: 2 })).toBe(50);
});
