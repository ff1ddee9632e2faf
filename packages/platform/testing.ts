export { manualClock, type ManualClock } from './manual/manual-clock.ts';
export { listenForTrouble } from './testing/listen-for-trouble.ts';
export { settled } from './testing/settled.ts';
export type { TroubleListener } from './trouble.ts';
