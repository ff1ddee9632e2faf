import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Owner } from '../store.ts';
import { sampleAppend, sampleOwner, sampleSpec } from './samples.ts';
import type { StorePlace } from './store-contract.ts';
import { withPlace } from './with-place.ts';

export function ownerContract(place: () => Promise<StorePlace>): void {
  const it = (title: string, body: (place: StorePlace) => Promise<void> | void) =>
    test(title, withPlace(place, body));
  const owned = (by: Owner) => {
    const { pid, host, url } = by;
    const info = expect.objectContaining({ data: { pid, host, url } });
    return expect.objectContaining({ code: 'store.owned', info });
  };

  describe('the owner', () => {
    it('is nobody until somebody claims, and after a release', ({ open }) => {
      const store = open();
      expect(store.owner()).toBeUndefined();
      store.release();
      store.claim(sampleOwner());
      expect(open().owner()).toEqual(sampleOwner());
      store.release();
      expect(open().owner()).toBeUndefined();
    });

    it('is released when its store closes', async ({ open }) => {
      const store = open();
      store.claim(sampleOwner());
      await store.close();
      expect(open().owner()).toBeUndefined();
    });

    it('lives: another claim is refused and says who owns', ({ open }) => {
      const owner = sampleOwner();
      open().claim(owner);
      const other = open();
      expect(() => other.claim(sampleOwner({ url: 'other' }))).toThrow(owned(owner));
      expect(other.owner()).toEqual(owner);
    });

    it('may change its own row', ({ open }) => {
      const store = open();
      store.claim(sampleOwner());
      store.claim(sampleOwner({ url: 'moved' }));
      expect(store.owner()?.url).toBe('moved');
    });

    it('is replaced when its process has ended', ({ open }) => {
      const { pid } = spawnSync(process.execPath, ['-e', '0']);
      open().claim(sampleOwner({ pid }));
      const heir = open();
      heir.claim(sampleOwner());
      expect(heir.owner()).toEqual(sampleOwner());
    });

    it('is replaced when its pid belongs to a process that began at another time', ({ open }) => {
      const { startedAt } = sampleOwner();
      open().claim(sampleOwner({ startedAt: startedAt + 1 }));
      open().claim(sampleOwner());
    });

    it('on another host counts as living unless the caller names it as gone', ({ open }) => {
      const far = sampleOwner({ host: 'far', startedAt: 5 });
      open().claim(far);
      const heir = open();
      expect(() => heir.claim(sampleOwner())).toThrow(owned(far));
      const nobody = sampleOwner({ host: 'further' });
      expect(() => heir.claim(sampleOwner(), nobody)).toThrow(owned(far));
      heir.claim(sampleOwner(), far);
      expect(heir.owner()).toEqual(sampleOwner());
    });

    it('writes nothing once deposed, even after its heir has left', async ({ open }) => {
      const deposed = open();
      const { id } = deposed.createStudy('s', sampleSpec, 0);
      const far = sampleOwner({ host: 'far' });
      deposed.claim(far);
      await deposed.append(() => sampleAppend(id, 1));
      const heir = open();
      heir.claim(sampleOwner(), far);
      await expect(deposed.append(() => sampleAppend(id, 2))).rejects.toThrow(owned(sampleOwner()));
      expect(() => deposed.createStudy('t', sampleSpec, 0)).toThrow(owned(sampleOwner()));
      await heir.append(() => sampleAppend(id, 2));
      heir.release();
      await expect(deposed.append(() => sampleAppend(id, 3))).rejects.toThrow(owned(sampleOwner()));
      deposed.release();
      expect(heir.study('s')?.lastEvent).toBe(2);
    });
  });
}
