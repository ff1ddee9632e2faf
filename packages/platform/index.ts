export type { Clock, Logger, Random } from './ports.ts';
export { mark, trouble, type Mark, type TroublePoint } from './trouble.ts';
