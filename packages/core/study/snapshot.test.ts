import { describe, expect, it, vi } from 'vitest';
import { studyStatus } from '../analysis/study-status.ts';
import type { StudySpec } from '../space/study-spec.ts';
import { fromLines } from '../test/from-lines.ts';
import { bench, type Bench } from '../test/one-slot.ts';
import { specWith, withoutFidelity } from '../test/study-driver.ts';
import { evolve } from './evolve.ts';
import { replay } from './replay.ts';
import { samplerHistory } from './sampler-history.ts';
import { changedLines, fromSnapshot, snapshotLine, snapshotLines, toSnapshot } from './snapshot.ts';
import type { StudyState } from './state.ts';
import { fromWire } from './wire-number.ts';

const TRIALS = 140;
const LOSSES = [3, 'Infinity', 0.5, 1e-9, 2] as const;
const ENDS = ['completed', 'completed', 'crashed', 'completed', 'stopped'] as const;
const reason = { code: 'user', text: 'by the test' };

/** A study with trials of every end, some of which people looked at again. */
function longStudy(over: (more: Partial<StudySpec>) => StudySpec): Bench {
  const study = bench(over({ budget: { trials: 2 * TRIALS }, retries: { crashed: 0 } }), 2, true);
  for (let i = 0; i < TRIALS; i += 1) {
    const trial = study.start(i / TRIALS);
    const loss = fromWire(LOSSES[i % LOSSES.length]!) + i;
    study.report(trial, Number.isFinite(loss) ? [loss, loss / 2, loss / 3] : ['Infinity']);
    study.end(trial, ENDS[(i % 7) % ENDS.length]!);
  }
  study.send({ kind: 'discard-trial', trial: 10, reason });
  study.send({ kind: 'correct-trial', trial: 70, value: 0, by: 'me', reason });
  return study;
}

/** A few more trials, and people who look at early ones. */
function goOn(study: Bench): void {
  const trial = study.start(0.3);
  study.report(trial, [0.1, 0.05, 0.01]);
  study.end(trial, 'completed');
  study.send({ kind: 'correct-trial', trial: 3, value: 4, by: 'me', reason });
  study.send({ kind: 'discard-trial', trial: 70, reason });
  study.start(0.4);
}

function shown(state: StudyState): unknown {
  const tables = state.scheduler!.rungs.map(
    (_, rung) => state.scheduler!.decide(rung, { loss: 1, passed: [] }).reason,
  );
  return { status: studyStatus(state, 2e6), tables };
}

describe.each([
  ['with a ladder', specWith],
  ['without a fidelity', withoutFidelity],
])('a snapshot of a study %s', (_, over) => {
  it('is the same study, however much of it somebody has looked at, then and later', () => {
    const study = longStudy(over);
    const lines = toSnapshot(study.state);
    const cut = study.log.length;
    const replayed = () => replay(study.log.slice(0, cut));
    expect(snapshotLines(study.state)).toBe(1 + Math.ceil(TRIALS / 16));
    const first = shown(study.state);
    const looks: ((state: StudyState) => unknown)[] = [
      () => undefined,
      ({ trials }) => trials[100]!.number,
      ({ trials }) => trials.map(({ number }) => number),
      ({ trials }) => trials.at(-1)!.number,
    ];
    const heads = lines.map(({ head }) => head);
    const readings: ((line: number) => string | undefined)[] = [
      (line) => lines[line]!.trials,
      // Of some lines the trials are not to be had: the log says them.
      (line) => (line % 3 === 1 || !heads[line] ? lines[line]!.trials : undefined),
    ];
    const copies = looks.flatMap((look) =>
      readings.map((trialsOf) => {
        const copy = fromSnapshot({ heads, trialsOf, replayed })!;
        look(copy);
        return copy;
      }),
    );
    for (const copy of copies) expect(shown(copy)).toEqual(first);
    goOn(study);
    for (const copy of copies) {
      for (const event of study.log.slice(cut)) evolve(copy, event);
      expect(shown(copy)).toEqual(shown(study.state));
      expect(toSnapshot(copy)).toEqual(toSnapshot(study.state));
      expect([...samplerHistory(copy)]).toEqual([...samplerHistory(study.state)]);
    }
  });

  it('reads ended trials only when somebody looks at them', () => {
    const parse = vi.spyOn(JSON, 'parse');
    const lines = toSnapshot(longStudy(over).state);
    const copy = fromLines(lines);
    const { trials } = copy;
    const parsed = parse.mock.calls.length;
    expect(trials.length).toBe(TRIALS);
    expect(parse.mock.calls.length).toBe(parsed);
    expect([trials[64]!.number, trials[79]!.number]).toEqual([64, 79]);
    expect(parse.mock.calls.length).toBe(parsed + 1);
    expect(snapshotLine(copy, 3)).toEqual(lines[3]);
    expect(parse.mock.calls.length).toBe(parsed + 2);
    parse.mockRestore();
  });
});

it('is not read where trials that go on are not to be had', () => {
  const study = longStudy(specWith);
  study.start(0.5);
  const heads = toSnapshot(study.state).map(({ head }) => head);
  const snapshot = { heads, trialsOf: () => undefined, replayed: () => replay(study.log) };
  expect(fromSnapshot(snapshot)).toBeUndefined();
});

it('of another layout is not read', () => {
  expect(fromLines([{ head: '{"version":6}', trials: '' }])).toBeUndefined();
});

it('names the lines of trials', () => {
  expect([...changedLines([0, 15, 16, 50])]).toEqual([0, 1, 2, 4]);
});
