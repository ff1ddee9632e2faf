import type { Parameter } from '@fleetune/core';
import { manualClock } from '@fleetune/platform/testing';
import { expect, it } from 'vitest';
import { memoryStore } from './store/index.ts';
import { sampleSpec } from './store/testing/samples.ts';
import { openStudyHost } from './study-host.ts';

it('a parameter that was added is in the rows of all trials so far', async () => {
  const store = memoryStore();
  const { id } = store.createStudy(sampleSpec.name, sampleSpec, 0);
  const host = openStudyHost(store, manualClock(), id, sampleSpec.name);
  host.apply({ kind: 'create', spec: sampleSpec });
  host.apply({ kind: 'enqueue', params: { lr: 0.01 } });
  await host.commit();
  const units: Parameter = { name: 'units', type: 'int', low: 1, high: 9, step: 1, log: false };
  const space = [...sampleSpec.space, { ...units, default: 4 }];
  expect(host.apply({ kind: 'change-spec', spec: { ...sampleSpec, space } })).toBeUndefined();
  await host.commit();
  expect(store.trial(id, 0)!.params).toEqual({ lr: 0.01, units: 4 });
});
