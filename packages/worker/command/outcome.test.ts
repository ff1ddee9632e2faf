import { expect, test } from 'vitest';
import type { Program } from '@fleetune/protocol';
import { createOomWatch } from './out-of-memory.ts';
import { verdict, type Ending } from './outcome.ts';

const program = { kept: ['acc'], metrics: { from: 'stdout-json' } } as unknown as Program;

function end(changes: Partial<Ending>) {
  return verdict({
    program,
    code: null,
    signal: null,
    interruption: undefined,
    rows: { finite: 0, seen: 0, odd: undefined },
    tail: [],
    oom: { rose: () => false },
    ...changes,
  });
}

test('a SIGKILL while the kernel killed for memory is out of memory', () => {
  let kills = 3;
  const oom = createOomWatch(() => kills);
  expect(end({ signal: 'SIGKILL', oom }).end).toBe('lost');
  kills = 4;
  expect(end({ signal: 'SIGKILL', oom }).end).toBe('out-of-memory');
  expect(end({ signal: 'SIGKILL', oom }).end).toBe('lost');
});

test('the same behind a shell, which exits with 137', () => {
  const rose = { rose: () => true };
  expect(end({ code: 137, oom: rose }).end).toBe('out-of-memory');
  expect(end({ code: 137 }).end).toBe('crashed');
});

test('where the system does not count its kills there is no evidence', () => {
  expect(end({ signal: 'SIGKILL', oom: createOomWatch(() => undefined) }).end).toBe('lost');
});

test.each([
  'MemoryError',
  'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB',
  "terminate called after throwing an instance of 'std::bad_alloc'",
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
])('%s is out of memory, and quoted', (line) => {
  const { end: how, why } = end({ code: 1, tail: ['Traceback', line, 'more'] });
  expect(how).toBe('out-of-memory');
  expect(why).toContain(line);
});

test('what we ended is named by our reason, whatever its exit was', () => {
  const interruption = { end: 'stopped', why: 'worse than the median' } as const;
  for (const exit of [{ code: 0 }, { code: 1 }, { signal: 'SIGKILL' as const }]) {
    expect(end({ ...exit, interruption })).toMatchObject({ ...interruption, exit });
  }
});

test('only failures carry the last lines', () => {
  const rows = { finite: 1, seen: 1, odd: undefined };
  expect(end({ code: 0, rows, tail: ['x'] })).not.toHaveProperty('tail');
  expect(end({ code: 2, rows, tail: ['x'] }).tail).toEqual(['x']);
});
