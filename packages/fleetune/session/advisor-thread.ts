import { runAdvisorThread } from '@fleetune/coordinator/advisor';
import { systemClock } from '@fleetune/platform/node';

runAdvisorThread(systemClock);
