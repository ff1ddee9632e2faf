import { systemClock } from '@fleetune/platform/node';
import { runAdvisorThread } from '../thread.ts';

runAdvisorThread(systemClock);
