import { expect, it } from 'vitest';
import { quietScenario } from './quiet-scenario.ts';
import { tellQuietly } from './tell-quietly.ts';

// A copy of an old request came to a new coordinator before its worker did. The answer with an attempt went there, and
// the attempt was never begun nor ended: its slot stood empty for ever (seed 7301074 of the swarm).
it('an answer to a copy of an old request is given again', { timeout: 60_000 }, async () => {
  const { network, programs } = quietScenario(1, {});
  const stories = await tellQuietly([281, 408, 449], {
    serve: true,
    workers: 2,
    network: { ...network, longestMs: 20, doubled: 0.2, stuck: 0.15, stuckMs: 20_000 },
    programs: { ...programs, everyMs: 30 },
    perSecond: { 'coordinator-killed': 0.4 },
  });
  for (const { marks } of stories) expect(marks.get('assignment-again')).toBeGreaterThan(0);
});
