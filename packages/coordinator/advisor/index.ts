export { advisorThread, runAdvisorThread } from './thread.ts';
