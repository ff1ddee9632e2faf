import { describe, expect, test } from 'vitest';
import { sampleAppend, sampleSpec } from './samples.ts';
import type { StorePlace } from './store-contract.ts';
import { withPlace } from './with-place.ts';

export function studyContract(place: () => Promise<StorePlace>): void {
  const it = (title: string, body: (place: StorePlace) => Promise<void> | void) =>
    test(title, withPlace(place, body));

  describe('studies', () => {
    it('are found by name and listed in the order of their creation', ({ open }) => {
      const store = open();
      const names = ['b', 'a', 'with space', 'ünï', "quote'"];
      const rows = names.map((name, i) => store.createStudy(name, sampleSpec, i));
      expect(store.studies()).toEqual(rows);
      for (const row of rows) expect(store.study(row.name)).toEqual(row);
      expect(store.study('missing')).toBeUndefined();
    });

    it('begin without an event', ({ open }) => {
      const row = open().createStudy('new', sampleSpec, 12.5);
      expect(row).toMatchObject({ name: 'new', spec: sampleSpec, createdAt: 12.5, lastEvent: 0 });
      expect(row.state).toBe('created');
      expect(new Set(Object.values(row.trials))).toEqual(new Set([0]));
    });

    it('have unique names: study.exists', ({ open }) => {
      const store = open();
      store.createStudy('twice', sampleSpec, 0);
      expect(() => store.createStudy('twice', sampleSpec, 1)).toThrow(
        expect.objectContaining({ code: 'study.exists' }),
      );
      expect(store.studies()).toHaveLength(1);
    });

    it('are there again after the store was closed', async ({ open }) => {
      const first = open();
      const row = first.createStudy('kept', sampleSpec, 7);
      await first.close();
      expect(open().study('kept')).toEqual(row);
    });

    it('are deleted with everything of theirs and nothing of others', async ({ open }) => {
      const store = open();
      const [gone, kept] = ['gone', 'kept'].map((name) => store.createStudy(name, sampleSpec, 0));
      for (const { id } of [gone!, kept!])
        await store.append(() => ({
          ...sampleAppend(id, 1, 3),
          snapshot: [{ line: 0, head: 'state', trials: '' }],
        }));
      store.deleteStudy(gone!.id);
      expect(store.studies().map(({ name }) => name)).toEqual(['kept']);
      expect([...store.events(gone!.id, 0)]).toEqual([]);
      expect(store.trials(gone!.id)).toEqual([]);
      expect(store.snapshot(gone!.id)).toBeUndefined();
      expect(store.snapshotTrials(gone!.id, 0, 3)).toBeUndefined();
      expect([...store.events(kept!.id, 0)]).toHaveLength(3);
      expect(store.trials(kept!.id)).toHaveLength(1);
    });

    it('never get the id of a deleted one', ({ open }) => {
      const store = open();
      const first = store.createStudy('a', sampleSpec, 0);
      store.deleteStudy(first.id);
      expect(store.createStudy('a', sampleSpec, 0).id).toBeGreaterThan(first.id);
    });

    it('share nothing with the objects of their callers', ({ open }) => {
      const store = open();
      const spec = structuredClone(sampleSpec);
      store.createStudy('own', spec, 0).spec.seed = 99;
      spec.seed = 98;
      expect(store.study('own')?.spec.seed).toBe(sampleSpec.seed);
    });
  });
}
