import { expect, it } from 'vitest';
import { quietScenario, quietStudy } from './quiet-scenario.ts';
import { tellQuietly } from './tell-quietly.ts';

// A slot turned from one study to another, and the coordinator died with the start on disk and the end before it not.
// Its successor gave the slot to whichever study came last, and nobody ran the other one's attempt, for ever.
it('a slot that two studies claim is that of the later start', { timeout: 60_000 }, async () => {
  const { disk, programs } = quietScenario(1, {});
  const stories = await tellQuietly([10, 30, 103, 120, 154], {
    serve: true,
    studies: ['study-0', 'study-1', 'study-2'].map((name) => quietStudy(name, 1)),
    workers: 3,
    troubleMs: 20_000,
    disk: { ...disk, deadly: 0.05 },
    programs: { ...programs, everyMs: 100 },
  });
  for (const { strikes } of stories) {
    const lost = (strikes.get('write-torn') ?? 0) + (strikes.get('write-vanished') ?? 0);
    expect(lost).toBeGreaterThan(0);
  }
});
