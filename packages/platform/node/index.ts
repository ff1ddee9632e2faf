export { http } from './http.ts';
export { plainLogger, silentLogger } from './loggers.ts';
export { isProcessAlive, processStart } from './process-start.ts';
export { simulationHeaps } from './simulation-heaps.ts';
export { machineClock, systemClock } from './system-clock.ts';
export { systemRandom } from './system-random.ts';
