export { manualClock, type ManualClock } from './manual-clock.ts';
export { settled } from './settled.ts';
