export { manualClock, type ManualClock } from './manual-clock.ts';
export { play } from './play.ts';
