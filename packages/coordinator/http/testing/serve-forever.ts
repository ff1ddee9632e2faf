// A server in a process of its own, until its standard input ends: prints its address.

import { serve } from './served.ts';

const served = await serve();
console.log(served.url);
process.stdin.resume().once('end', () => process.exit(0));
