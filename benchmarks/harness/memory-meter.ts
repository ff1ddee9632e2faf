// Loaded before a measured command (`node --import`): at its end it writes down the most memory that it held, in kB.

import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env['FLEETUNE_BENCH_MEMORY']!, String(process.resourceUsage().maxRSS));
});
