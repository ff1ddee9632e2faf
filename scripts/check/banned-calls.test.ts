import { describe, expect, it } from 'vitest';
import { bannedCalls } from './banned-calls.ts';
import { source } from './sources.ts';

const findings = (path: string, text: string): string[] => bannedCalls([source(path, text)]);

describe('banned calls', () => {
  it.each([
    ['packages/coordinator/x.ts', 'const t = Date.now();', 'Clock.now'],
    ['packages/coordinator/x.ts', 'const t = new Date();', 'Clock.now'],
    ['packages/worker/x.ts', 'setTimeout(f, 10);', 'Clock.after'],
    ['packages/worker/x.ts', 'const clock = make(setTimeout);', 'Clock.after'],
    ['packages/core/space/x.ts', 'const r = Math.random();', 'random stream'],
    ['packages/core/space/x.ts', 'const r = fetch(url);', 'no network'],
    ['packages/platform/x.ts', 'const t = performance.now();', 'Clock.monotonic'],
  ])('stops %s: %s, and names what to use', (path, text, words) => {
    const [finding = ''] = findings(path, text);
    expect(finding).toContain(`${path}:1`);
    expect(finding).toContain(words);
  });

  it.each([
    ['packages/platform/node/clock.ts', 'const t = Date.now();'],
    ['packages/fleetune/cli/x.ts', 'setTimeout(f, 10);'],
    ['packages/worker/x.test.ts', 'const t = Date.now();'],
    ['packages/worker/x.ts', 'const t = new Date(at).toISOString();'],
    ['packages/worker/x.ts', 'const t = clock.now(); const v = x.valueOf();'],
  ])('lets %s: %s', (path, text) => {
    expect(findings(path, text).filter((line) => line.startsWith(path))).toEqual([]);
  });

  it('fails when it looked at nothing', () => {
    expect(bannedCalls([])).toEqual(['no source was looked at']);
  });
});
