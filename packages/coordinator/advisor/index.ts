export { advisorThreads, runAdvisorThread } from './thread.ts';
