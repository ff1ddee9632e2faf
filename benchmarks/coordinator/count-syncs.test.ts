import { expect, it } from 'vitest';
import { syncsIn } from './count-syncs.ts';

it('a call that strace prints in two halves is one', () => {
  const lines = [
    'strace: Process 100 attached with 2 threads',
    '[pid 100] fdatasync(19) = 0',
    '[pid 101] fsync(20 <unfinished ...>',
    '[pid 101] <... fsync resumed>)            = 0',
    '+++ exited with 0 +++',
  ];
  expect(syncsIn(lines)).toBe(2);
});
