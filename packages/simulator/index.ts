export { failureLine } from './failure-line.ts';
export { decisions, replayArrivals } from './parity/arrivals.ts';
export { scenario } from './scenario.ts';
export { simulate, type Story } from './simulation.ts';
