export { manualClock, type ManualClock } from './manual/manual-clock.ts';
