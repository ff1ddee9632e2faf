export { createThinker } from './thinker.ts';
export type { Thinkers } from './thinker-port.ts';
export { advisorThreads, runAdvisorThread } from './thread.ts';
