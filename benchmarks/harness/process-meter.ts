// Loaded before a measured command (`node --import`): at its end it writes down the processor time that it took and the
// most memory that it held.

import { writeFileSync } from 'node:fs';

export interface Metered {
  cpuMs: number;
  memoryMb: number;
}

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const metered: Metered = { cpuMs: (userCPUTime + systemCPUTime) / 1000, memoryMb: maxRSS / 1000 };
  writeFileSync(process.env['FLEETUNE_BENCH_METER']!, JSON.stringify(metered));
});
