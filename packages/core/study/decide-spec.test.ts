import { expect, it } from 'vitest';
import { bench } from '../test/one-slot.ts';
import { withoutFidelity } from '../test/study-driver.ts';
import { nextWork } from './next-work.ts';

const held = { work: 'wait', category: 'drained', reason: { code: 'slots' } };

it('slots that are asked for hold for an open run, also where the file names the same', () => {
  const engine = { type: 'local' as const, slots: 1 };
  const spec = withoutFidelity({ budget: { trials: 9 }, engine });
  const study = bench(spec);
  study.send({ kind: 'start-run', slots: 0, keepGoing: false });
  study.send({ kind: 'worker-joined', worker: 'w', host: 'h', pid: 1, slots: 4 });
  study.start();
  study.fresh();
  const { slots } = spec.engine;
  const change = { kind: 'change-spec' as const, spec, slots };
  study.send(change);
  expect(study.fresh()).toEqual(['spec-changed']);
  expect(nextWork(study.state, study.now)).toMatchObject(held);
  study.send(change);
  expect(study.fresh()).toEqual([]);
  study.send({ ...change, slots: slots + 1 });
  expect(nextWork(study.state, study.now)).toMatchObject({ work: 'suggest' });
  expect(study.state.spec!.engine.slots).toBe(slots + 1);
});

it('slots that are asked for change nothing where no run is open', () => {
  const spec = withoutFidelity({ budget: { trials: 1 } });
  const study = bench(spec);
  study.report(study.start(), [1]);
  study.end(0, 'completed');
  study.send({ kind: 'end-run', end: 'budget-trials', reason: { code: 'x', text: 'x' } });
  study.fresh();
  study.send({ kind: 'change-spec', spec, slots: 7 });
  expect(study.fresh()).toEqual([]);
});
