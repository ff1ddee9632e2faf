import { studyNamed } from '../world.ts';
import type { MakeChecker } from './watch.ts';

/** No study begins a trial beyond the slots that it was given. */
export const slotsLimit: MakeChecker = (world, broken) => ({
  onEvent(event, { name, state }) {
    if (event.kind !== 'attempt-started' || event.reserve) return;
    const given = studyNamed(world, name).slots ?? Infinity;
    const limit = state.run?.limit ?? given;
    const { running } = state.counts;
    if (running > limit) broken(`${name} runs ${running} trials on ${limit} slots`);
  },
});
