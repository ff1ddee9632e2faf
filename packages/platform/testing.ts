export { manualClock, type ManualClock } from './manual/manual-clock.ts';
export { listenForTrouble, type TroubleListener } from './trouble.ts';
