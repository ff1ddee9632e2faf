// A watchdog process for the tests; notes its process id in the folder of argv, each under the next number.

import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runWatchdog } from '../guard/run-watchdog.ts';

let number = 1;
const file = (): string => join(process.argv[2]!, `watchdog-${number}`);
while (existsSync(file())) number += 1;
writeFileSync(`${file()}.new`, String(process.pid));
renameSync(`${file()}.new`, file());
await runWatchdog(process.stdin);
