import { expect, it } from 'vitest';
import { failureLine } from './failure-line.ts';
import { scenario, type Scenario, type Trouble } from './scenario.ts';
import { simulate } from './simulation.ts';

// Their word was lost with the coordinator that died of it: a worker stayed paused for ever.
it('people whom nobody answered ask again for a worker to go on', { timeout: 60_000 }, async () => {
  for (const seed of [28, 116, 162]) {
    const story = await simulate(pausedOften(scenario(seed)));
    const [breach] = story.breaches;
    if (breach !== undefined) expect.fail(failureLine(seed, breach));
    expect(story.marks.get('worker-drained'), `seed ${seed}`).toBeGreaterThan(0);
  }
});

/** Nothing happens but that: one worker is paused and resumed, while coordinators come and go. */
function pausedOften(drawn: Scenario): Scenario {
  const perSecond = { ...drawn.perSecond };
  for (const kind of Object.keys(perSecond) as Trouble[]) perSecond[kind] = 0;
  return {
    ...drawn,
    workers: 1,
    troubleMs: 14_000,
    perSecond: { ...perSecond, 'pause-worker': 1, 'coordinator-killed': 0.8 },
    disk: { longestMs: 600, failing: 0, fullFromMs: 0, fullForMs: 0 },
    network: { longestMs: 3, lost: 0, doubled: 0, stuck: 0, stuckMs: 500 },
    dies: { at: 'committed-unanswered', chance: 0.2 },
  };
}
