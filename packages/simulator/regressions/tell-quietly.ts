import { expect } from 'vitest';
import { simulate, type Story } from '../simulation.ts';
import { quietScenario, type Changes } from './quiet-scenario.ts';

/** Tells a quiet story with those changes for each seed: every promise has to be kept. */
export async function tellQuietly(seeds: readonly number[], changes: Changes): Promise<Story[]> {
  const stories: Story[] = [];
  for (const seed of seeds) {
    const story = await simulate(quietScenario(seed, changes));
    expect(story.breaches, `seed ${seed}`).toEqual([]);
    stories.push(story);
  }
  return stories;
}
