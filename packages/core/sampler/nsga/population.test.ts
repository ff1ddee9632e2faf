import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dominates } from '../../numerics/dominance.ts';
import type { Completed } from '../sampler.ts';
import { directionsFor } from './reference-directions.ts';
import {
  isBetter,
  join,
  leave,
  newPopulation,
  type Individual,
  type Population,
} from './population.ts';

const loss = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(Infinity, -Infinity));
const losses = fc.array(loss, { minLength: 2, maxLength: 2 });
const fiveLosses = fc.array(loss, { minLength: 5, maxLength: 5 });
const violation = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5 }));

function individual(trial: number, own: readonly number[], violation = 0): Individual {
  const outcome: Completed = { state: 'completed', loss: own[0]!, losses: own, violation };
  const nowhere = new Float64Array(0);
  return {
    trial,
    coordinates: nowhere,
    unit: nowhere,
    outcome,
    losses: own,
    front: 0,
    crowding: 0,
  };
}

function populationOf(all: readonly Individual[], size: number): Population {
  const population = newPopulation(size, all[0]?.losses.length ?? 2);
  for (const one of all) join(population, one);
  return population;
}

test('at no selection does anybody leave who dominates one who stays', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.array(losses, { maxLength: 60 }), fc.array(fiveLosses, { maxLength: 60 })),
      fc.integer({ min: 4, max: 12 }),
      (all, size) => {
        const population = newPopulation(size, all[0]?.length ?? 2);
        all.forEach((own, trial) => {
          const newest = individual(trial, own);
          const before = [...population.members, ...population.newcomers, newest];
          join(population, newest);
          const { members, newcomers } = population;
          const gone = before.filter((one) => ![...members, ...newcomers].includes(one));
          for (const one of gone) {
            for (const member of members) expect(dominates(one.losses, member.losses)).toBe(false);
          }
        });
        expect(population.members.length).toBe(Math.min(size, all.length));
      },
    ),
  );
});

test('feasible ones are better than any other, and among those less violation is', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(losses, violation), { minLength: 2, maxLength: 20 }), (all) => {
      const size = all.length;
      const { members } = populationOf(
        all.map(([own, broken], trial) => individual(trial, own, broken)),
        size,
      );
      for (const a of members) {
        for (const b of members) {
          const [va, vb] = [a, b].map(({ outcome }) => (outcome as Completed).violation!);
          if (va! < vb!) expect(isBetter(a, b)).toBe(true);
        }
      }
    }),
  );
});

test('of one front the ends stay, and of the rest those with room around them', () => {
  const line = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((x) => individual(x, [x, 8 - x]));
  const near = individual(9, [4.1, 3.9]);
  const { members } = populationOf([...line, near], 5);
  const firsts = members.map(({ losses: [first] }) => first!).sort((a, b) => a - b);
  expect(firsts[0]).toBe(0);
  expect(firsts.at(-1)).toBe(8);
  const gaps = firsts.slice(1).map((x, i) => x - firsts[i]!);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1);
});

test('one who leaves is nobody’s parent any longer', () => {
  const population = populationOf(
    [0, 1, 2, 3].map((x) => individual(x, [x, 3 - x])),
    4,
  );
  leave(population, 2);
  expect(population.members.map(({ trial }) => trial)).toEqual([0, 1, 3]);
});

test('directions: as many as there is room for, evenly over the losses, their parts sum to 1', () => {
  const directions = directionsFor(4, 50);
  // C(4 + 3, 3): four parts; five would be 56.
  expect(directions.length).toBe(35);
  for (const direction of directions) {
    expect(direction.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 14);
  }
  expect(new Set(directions.map(String)).size).toBe(35);
});

test('with many losses those stay who are near different directions', () => {
  const axis = (m: number) => [0, 1, 2, 3].map((k) => Number(k === m));
  const axes = [0, 1, 2, 3].map((m) => individual(m, axis(m)));
  const near = [1, 2, 3, 4, 5, 6].map((k) => {
    return individual(3 + k, [1 - 0.001 * k, 0.001 * k, 0.001, 0.001]);
  });
  const { members } = populationOf([...near, ...axes], 5);
  for (const one of axes.slice(1)) expect(members).toContain(one);
});
