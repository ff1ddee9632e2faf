export { failureLine } from './failure-line.ts';
export { decisions, replayArrivals } from './parity/arrivals.ts';
export { scenario } from './draw-scenario.ts';
export { simulate, type Story } from './simulation.ts';
