import { runSimulationThread } from '@fleetune/simulator/prediction';

runSimulationThread();
