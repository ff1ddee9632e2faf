export type { Clock, Logger, Random } from './ports.ts';
