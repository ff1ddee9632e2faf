import { runSimulationThread } from '../simulation-threads.ts';

runSimulationThread();
