import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The kind of network file system that holds `path`, undefined on a local one. SQLite's write-ahead log needs memory
 * shared by all who use the database, which several hosts do not have (sqlite.org/wal.html, "disadvantages").
 */
export function networkFileSystem(path: string, statfs = statfsSync): string | undefined {
  if (process.platform !== 'linux') return undefined;
  // Types are signed 32-bit on some platforms.
  return names.get(statfs(dirname(path)).type >>> 0);
}

/** statfs(2) and the Linux headers; FUSE and 9p are left out because they are as often local. */
const names = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
]);
