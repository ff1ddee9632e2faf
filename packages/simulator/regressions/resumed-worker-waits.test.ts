import { expect, it } from 'vitest';
import { tellQuietly } from './tell-quietly.ts';

// Two in one. The checker blamed a worker that had just been resumed for the time of its pause (seed 1134 of the swarm).
// And where all that was left waited behind other trials, a resumed worker's slots called for it only when their poll
// was over.
it('a resumed worker works at once, and is excused before', { timeout: 60_000 }, async () => {
  const changes = { serve: true, workers: 2, perSecond: { 'pause-worker': 0.5 } };
  const stories = await tellQuietly([1, 2, 4, 17, 58], changes);
  for (const { marks } of stories) expect(marks.get('worker-drained')).toBeGreaterThan(0);
});
