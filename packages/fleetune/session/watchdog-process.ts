import { runWatchdog } from '@fleetune/worker';

await runWatchdog(process.stdin);
