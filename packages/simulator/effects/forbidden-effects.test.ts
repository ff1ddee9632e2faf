import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { withoutEffects } from './forbidden-effects.ts';

const EFFECTS: Record<string, () => unknown> = {
  'the wall clock': () => Date.now(),
  'a new date': () => new Date(),
  'the monotonic clock': () => performance.now(),
  chance: () => Math.random(),
  'random ids': () => randomUUID(),
  'web crypto': () => crypto.getRandomValues(new Uint8Array(1)),
  timers: () => clearTimeout(setTimeout(() => undefined, 0)),
  'turns of the event loop': () => clearImmediate(setImmediate(() => undefined)),
  'the network': () => connect(1),
  fetch: () => fetch('http://localhost'),
  files: () => readFileSync(import.meta.filename),
  'promises of files': () => readFile(import.meta.filename),
};

describe('inside a simulation', () => {
  for (const [name, effect] of Object.entries(EFFECTS)) {
    it(`${name} can't be touched, after any number of promises`, async () => {
      const story = async (): Promise<void> => {
        await Promise.resolve();
        await effect();
      };
      await expect(withoutEffects(story)).rejects.toThrow('was touched inside a simulation');
    });
  }

  it('a date that is given is no effect', async () => {
    const year = await withoutEffects(async () => new Date(0).getUTCFullYear());
    expect(year).toBe(1970);
  });
});

it('outside, and afterwards, everything is as it was', async () => {
  let seen = 0;
  const outside = Promise.resolve().then(() => (seen = Date.now()));
  await withoutEffects(async () => void (await outside));
  expect(seen).toBeGreaterThan(0);
  expect(readFileSync(import.meta.filename, 'utf8')).toContain('outside');
  expect(Math.random()).toBeLessThan(1);
});
