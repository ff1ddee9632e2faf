import type { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { networkFileSystem } from './network-file-system.ts';

const fake = (type: number) => ((_: string) => ({ type })) as unknown as typeof statfsSync;

test.runIf(process.platform === 'linux')('names network file systems, signed or not', () => {
  expect(networkFileSystem('/home/me/fleetune.db', fake(0x6969))).toBe('NFS');
  expect(networkFileSystem('/home/me/fleetune.db', fake(0xff534d42))).toBe('CIFS');
  expect(networkFileSystem('/home/me/fleetune.db', fake(0xff534d42 | 0))).toBe('CIFS');
});

test('has nothing to say about a local one', () => {
  expect(networkFileSystem('/home/me/fleetune.db', fake(0xef53))).toBeUndefined();
  expect(networkFileSystem(`${tmpdir()}/fleetune.db`, fake(0x01021994))).toBeUndefined();
});
