// What the outside world is reached by: clocks, timers, chance, the machine, files and the network.

import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import dnsPromises from 'node:dns/promises';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import tls from 'node:tls';
import workerThreads from 'node:worker_threads';

/** Functions and getters of one object. */
export interface Effects {
  holder: object;
  keys: readonly string[];
  /** What a person calls it. */
  name: string;
}

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'];

/** Values in, values out. The rest makes keys and numbers of chance, or works in a thread of its own. */
const PURE_CRYPTO = ['createHash', 'createHmac', 'hash', 'timingSafeEqual', 'getHashes'];

const CLOCKS: readonly Effects[] = [
  { name: '', holder: globalThis, keys: TIMERS },
  { name: 'timers', holder: timers, keys: TIMERS },
  { name: 'timers.promises', holder: timersPromises, keys: TIMERS },
  { name: 'scheduler', holder: timersPromises.scheduler, keys: ['wait', 'yield'] },
  { name: 'AbortSignal', holder: AbortSignal, keys: ['timeout'] },
  { name: 'Atomics', holder: Atomics, keys: ['wait', 'waitAsync'] },
  all('performance', Object.getPrototypeOf(performance) as object, ['constructor']),
];

const CHANCE: readonly Effects[] = [
  { name: 'Math', holder: Math, keys: ['random'] },
  { name: 'crypto', holder: globalThis.crypto, keys: ['getRandomValues', 'randomUUID'] },
  all('crypto.subtle', Object.getPrototypeOf(globalThis.crypto.subtle) as object, ['constructor']),
  all('crypto', crypto, [...PURE_CRYPTO, 'webcrypto', 'subtle']),
];

const MACHINE: readonly Effects[] = [
  {
    name: 'process',
    holder: process,
    keys: [
      'hrtime',
      'uptime',
      'cpuUsage',
      'threadCpuUsage',
      'resourceUsage',
      'memoryUsage',
      'availableMemory',
      'constrainedMemory',
      'kill',
    ],
  },
  all('os', os),
  all('child_process', childProcess),
  all('worker_threads', workerThreads),
  { name: '', holder: globalThis, keys: ['MessageChannel', 'BroadcastChannel'] },
];

const FILES_AND_NETWORK: readonly Effects[] = [
  { name: '', holder: globalThis, keys: ['fetch', 'WebSocket'] },
  all('fs', fs, ['promises']),
  all('fs.promises', fsPromises),
  all('net', net),
  all('tls', tls),
  all('http', http),
  all('http2', http2),
  all('https', https),
  all('dgram', dgram),
  all('dns', dns, ['promises']),
  all('dns.promises', dnsPromises),
];

/** All but dates, which are an effect only where none is given. */
export const EFFECTS = [...CLOCKS, ...CHANCE, ...MACHINE, ...FILES_AND_NETWORK];

function all(name: string, holder: object, but: readonly string[] = []): Effects {
  const keys = Object.getOwnPropertyNames(holder).filter((key) => !but.includes(key));
  return { name, holder, keys };
}
