import { generateKeySync, randomFill, randomInt, randomUUID, randomUUIDv7 } from 'node:crypto';
import { lookup, promises as dns } from 'node:dns';
import { resolve4 } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { cpus, freemem, hostname, loadavg, uptime } from 'node:os';
import { setTimeout as timersSetTimeout } from 'node:timers';
import { scheduler, setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { withoutEffects } from './forbidden-effects.ts';

const EFFECTS: Record<string, () => unknown> = {
  'the wall clock': () => Date.now(),
  'a new date': () => new Date(),
  'the constructor of a date': () => new (new Date(0).constructor as DateConstructor)(),
  'the clock behind a date': () => (new Date(0).constructor as DateConstructor).now(),
  'the time in words': () => new Intl.DateTimeFormat('en').format(),
  'parts of the time in words': () => new Intl.DateTimeFormat('en').formatToParts(),
  'the monotonic clock': () => performance.now(),
  'the start of that clock': () => performance.timeOrigin,
  'marks of that clock': () => performance.mark('here'),
  'use of the event loop': () => performance.eventLoopUtilization(),
  'the time of the process': () => process.hrtime(),
  'the time of the process, as a bigint': () => process.hrtime.bigint(),
  'the age of the process': () => process.uptime(),
  'its use of processors': () => process.cpuUsage(),
  'its use of resources': () => process.resourceUsage(),
  'its memory': () => process.memoryUsage(),
  'its resident memory': () => process.memoryUsage.rss(),
  'free memory': () => freemem(),
  'the load': () => loadavg(),
  'the name of the machine': () => hostname(),
  'the age of the machine': () => uptime(),
  'its processors': () => cpus(),
  chance: () => Math.random(),
  'random ids': () => randomUUID(),
  'random ids in order': () => randomUUIDv7(),
  'random numbers': () => randomInt(2),
  'random bytes in place': () => promisify(randomFill)(new Uint8Array(1)),
  keys: () => generateKeySync('hmac', { length: 8 }),
  'web crypto': () => crypto.getRandomValues(new Uint8Array(1)),
  "web crypto's threads": () => crypto.subtle.digest('SHA-256', new Uint8Array(1)),
  timers: () => clearTimeout(setTimeout(() => undefined, 0)),
  'timers of the module': () => clearTimeout(timersSetTimeout(() => undefined, 0)),
  'promises of timers': () => sleep(0),
  'promises of turns': () => nextTurn(),
  "the scheduler's waits": () => scheduler.wait(0),
  'promisified timers': () => promisify(setTimeout)(0),
  'signals of timers': () => AbortSignal.timeout(0),
  'waits of a thread': () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1),
  'turns of the event loop': () => clearImmediate(setImmediate(() => undefined)),
  'messages between threads': () => new MessageChannel().port1.close(),
  'the network': () => connect(1),
  'the network of HTTP/2': () => connectHttp2('http://localhost:1').destroy(),
  fetch: () => fetch('http://localhost'),
  'names of the network': () => lookup('localhost', () => undefined),
  'promised names': () => dns.lookup('localhost'),
  'resolved names': () => resolve4('localhost'),
  files: () => readFileSync(import.meta.filename),
  'promises of files': () => readFile(import.meta.filename),
};

describe('inside a simulation', () => {
  for (const [name, effect] of Object.entries(EFFECTS)) {
    it(`${name} can't be touched, after any number of promises`, async () => {
      const story = async (): Promise<void> => {
        await Promise.resolve();
        await effect();
      };
      await expect(withoutEffects(story)).rejects.toThrow('was touched inside a simulation');
    });
  }

  it('a date that is given is no effect', async () => {
    const format = new Intl.DateTimeFormat('en', { timeZone: 'UTC', year: 'numeric' });
    const years = await withoutEffects(async () => [
      new Date(0).getUTCFullYear(),
      new (class extends Date {})(0).getUTCFullYear(),
      format.format(0),
      format.formatToParts(0)[0]!.value,
      Date.UTC(1970),
    ]);
    expect(years).toEqual([1970, 1970, '1970', '1970', 0]);
  });
});

it('outside, and afterwards, everything is as it was', async () => {
  let seen = 0;
  const outside = Promise.resolve().then(() => (seen = Date.now()));
  await withoutEffects(async () => void (await outside));
  expect(seen).toBeGreaterThan(0);
  expect(readFileSync(import.meta.filename, 'utf8')).toContain('outside');
  expect(Math.random()).toBeLessThan(1);
  expect(new (new Date(0).constructor as DateConstructor)().getTime()).toBeGreaterThan(0);
  expect(new Date(0)).toBeInstanceOf(Date);
  expect(Object.hasOwn(performance, 'now')).toBe(false);
  await sleep(0);
});
