// Determinism is proven, not hoped for: while a story is told, whatever belongs to it and touches the real clock, real
// chance, timers, the network or files throws. Other code of the process (a test runner) goes on as ever.

import { AsyncLocalStorage } from 'node:async_hooks';
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';
import workerThreads from 'node:worker_threads';

const inside = new AsyncLocalStorage<true>();
let stories = 0;
let restore: (() => void) | undefined;

/** Tells the story, in which effects throw. */
export async function withoutEffects<T>(story: () => Promise<T>): Promise<T> {
  restore ??= forbid();
  stories += 1;
  try {
    return await inside.run(true, story);
  } finally {
    stories -= 1;
    if (stories === 0) {
      restore?.();
      restore = undefined;
    }
  }
}

type Holder = Record<string, unknown>;

function forbid(): () => void {
  const undo: (() => void)[] = [];
  const replace = (holder: object, key: string, where: string): void => {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property !== undefined && !property.writable && property.set === undefined) return;
    const was = (holder as Holder)[key];
    if (typeof was !== 'function') return;
    (holder as Holder)[key] = guarded(was, `${where}${key}`);
    undo.push(() => void ((holder as Holder)[key] = was));
  };
  replace(globalThis, 'Date', '');
  for (const key of ['setTimeout', 'setInterval', 'setImmediate', 'fetch']) {
    replace(globalThis, key, '');
  }
  replace(Math, 'random', 'Math.');
  replace(performance, 'now', 'performance.');
  replace(process, 'hrtime', 'process.');
  replace(globalThis.crypto, 'getRandomValues', 'crypto.');
  replace(globalThis.crypto, 'randomUUID', 'crypto.');
  for (const key of ['randomBytes', 'randomInt', 'randomUUID', 'randomFillSync']) {
    replace(crypto, key, 'crypto.');
  }
  for (const [name, module] of Object.entries(MODULES)) {
    for (const key of Object.keys(module)) replace(module, key, `${name}.`);
  }
  for (const key of Object.keys(fs.promises)) replace(fs.promises, key, 'fs.promises.');
  syncBuiltinESMExports();
  return () => {
    for (const one of undo.reverse()) one();
    syncBuiltinESMExports();
  };
}

const MODULES = { fs, net, tls, http, https, dgram, dns, childProcess, workerThreads };

/** A date that is given is no effect. */
function guarded(real: object, name: string): object {
  const refuse = (): never => {
    throw new Error(`${name} was touched inside a simulation`);
  };
  return new Proxy(real as (...args: unknown[]) => unknown, {
    apply(target, self, args) {
      return inside.getStore() ? refuse() : Reflect.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      const pure = name === 'Date' && args.length > 0;
      if (inside.getStore() && !pure) refuse();
      return Reflect.construct(target, args, newTarget) as object;
    },
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      const isNow = name === 'Date' && key === 'now';
      return isNow && inside.getStore() ? refuse : value;
    },
  });
}
