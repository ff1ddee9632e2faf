import { expect, it } from 'vitest';
import { tellQuietly } from './tell-quietly.ts';

// Their word was lost with the coordinator that died of it: a worker stayed paused for ever.
it('people whom nobody answered ask again for a worker to go on', { timeout: 60_000 }, async () => {
  const stories = await tellQuietly([28, 44, 61], {
    serve: true,
    perSecond: { 'pause-worker': 1, 'coordinator-killed': 0.8 },
    disk: { longestMs: 600, failing: 0, deadly: 0, fullFromMs: 0, fullForMs: 0 },
    dies: { at: 'committed-unanswered', chance: 0.2 },
  });
  for (const { marks } of stories) expect(marks.get('worker-drained')).toBeGreaterThan(0);
});
