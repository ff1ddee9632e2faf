export { failureLine } from './failure-line.ts';
export { scenario } from './scenario.ts';
export { simulate, type Story } from './simulation.ts';
