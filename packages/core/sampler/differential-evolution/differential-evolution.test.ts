import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../numerics/random-stream.ts';
import { searchSpace } from '../../space/search-space.ts';
import { encodingOf } from '../encoding.ts';
import type { Observed } from '../history.ts';
import type { Completed } from '../sampler.ts';
import { contractSpaces } from '../testing/contract-spaces.ts';
import { createSlots } from './slots.ts';
import { trialVector, type Vector } from './trial-vector.ts';

function observed(trial: number, loss: number): Observed {
  const outcome: Completed = { state: 'completed', loss };
  return { trial, params: {}, coordinates: new Float64Array(0), outcome };
}

test('a slot has the best of its trials, of equals the latest, in whatever order they come and go', () => {
  const loss = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom(Infinity, -Infinity));
  fc.assert(
    fc.property(fc.array(loss, { maxLength: 30 }), fc.nat(), fc.nat(), (losses, salt, place) => {
      const size = 4;
      const slots = createSlots(size);
      const all = losses.map((own, trial) => observed(trial, own));
      const turned = [...all.slice(place % 30), ...all.slice(0, place % 30)];
      for (const one of turned) slots.add(one);
      const gone = ({ trial }: Observed) => (trial + salt) % 3 === 0;
      for (const one of all.filter(gone)) slots.remove(one);
      const better = (a: Observed, b: Observed) => (losses[b.trial]! <= losses[a.trial]! ? b : a);
      for (let slot = 0; slot < size; slot++) {
        const own = all.filter((one) => one.trial % size === slot && !gone(one));
        const best = own.length === 0 ? undefined : own.reduce(better);
        expect(slots.holder(slot)?.trial).toBe(best?.trial);
      }
      const ranked = slots.ranked().map(({ trial }) => losses[trial]!);
      expect(ranked).toEqual(ranked.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    }),
  );
});

test('a move is x + F (p − x) + F (a − b), half the way to the end outside', () => {
  const parameter = (name: string) =>
    ({ name, type: 'float', low: 0, high: 1, log: false }) as const;
  const space = searchSpace([parameter('u'), parameter('w')], []);
  const at = (...values: number[]): Vector => {
    return { unit: Float64Array.from(values), coordinates: Float64Array.from(values) };
  };
  const four = { x: at(0.2, 0.8), p: at(0.4, 1), a: at(0.7, 0.9), b: at(0.5, 0.1) };
  const stream = randomStream(1, 0, 'move');
  const v = trialVector(four, encodingOf(space), { f: 0.5, cr: 1 }, () => 0, stream);
  expect(v[0]).toBeCloseTo(0.2 + 0.5 * 0.2 + 0.5 * 0.2);
  // 0.8 + 0.1 + 0.4 is outside.
  expect(v[1]).toBeCloseTo(0.9);
});

test.each(Object.entries(contractSpaces))('%s: moves stay in the unit cube', (_, { space }) => {
  const encoding = encodingOf(space);
  if (encoding.numbers.length + encoding.choices.length === 0) return;
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const stream = randomStream(seed, 0, 'four');
      const one = (): Vector => {
        const unit = Float64Array.from({ length: space.dimensions }, () => stream.next());
        const coordinates = space.fromUnit(unit);
        return { unit: space.toUnit(coordinates), coordinates };
      };
      const four = { x: one(), p: one(), a: one(), b: one() };
      const rates = { f: 1 - stream.next(), cr: stream.next() };
      for (const u of trialVector(four, encoding, rates, () => stream.next(), stream)) {
        expect(u >= 0 && u <= 1).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});
