// A coordinator in a process of its own, with one durable study that anybody may work on:
// `node coordinator-process.ts` in the folder of the database. Prints {"url"} once it answers; ends with standard input.

import { readStudy } from '@fleetune/core';
import { createCoordinator, oneToken, serveHttp } from '@fleetune/coordinator';
import { sqliteStore } from '@fleetune/coordinator/store';
import { systemClock } from '@fleetune/platform/node';
import { study } from './study.ts';

const read = readStudy(study, { cwd: process.cwd(), seed: 1 });
if ('errors' in read) throw new Error(read.errors[0]!.message);
const coordinator = createCoordinator(sqliteStore('fleetune.db'), systemClock);
const access = oneToken(process.env['FLEETUNE_BENCH_TOKEN']!);
const place = { host: '127.0.0.1', port: 0, version: 'benchmark' };
const server = await serveHttp(coordinator, { access, ...place });
const host = await coordinator.open(read.spec);
void coordinator.run(host, { keepGoing: true, files: process.cwd(), shared: true });
console.log(JSON.stringify({ url: server.url }));
process.stdin.on('end', () => process.exit(0)).resume();
