// Determinism is proven, not hoped for: while a story is told, whatever belongs to it and touches the real clock, real
// chance, timers, the machine, the network or files throws. Other code of the process (a test runner) goes on as ever.

import { AsyncLocalStorage } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import { EFFECTS } from './effects.ts';

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

function forbid(): () => void {
  const undo: (() => void)[] = [];
  const replace = (holder: object, key: string, by: (was: PropertyDescriptor) => object): void => {
    const own = Object.getOwnPropertyDescriptor(holder, key);
    const was = own ?? inherited(holder, key);
    const changeable = own === undefined || own.configurable;
    if (was === undefined || !changeable) return;
    Object.defineProperty(holder, key, { ...was, configurable: true, ...by(was) });
    undo.push(() => {
      if (own === undefined) Reflect.deleteProperty(holder, key);
      else Object.defineProperty(holder, key, own);
    });
  };
  for (const { name, holder, keys } of EFFECTS) {
    for (const key of keys) {
      replace(holder, key, (was) => guardedProperty(was, name === '' ? key : `${name}.${key}`));
    }
  }
  const date = guardedDate(Date);
  replace(globalThis, 'Date', () => ({ value: date }));
  replace(Date.prototype, 'constructor', () => ({ value: date }));
  const formats = Intl.DateTimeFormat.prototype;
  replace(formats, 'format', (was) => ({
    get(this: unknown) {
      return guardedFormat(was.get!.call(this) as Call);
    },
  }));
  replace(formats, 'formatToParts', (was) => ({ value: guardedFormat(was.value as Call) }));
  syncBuiltinESMExports();
  return () => {
    for (const one of undo.reverse()) one();
    syncBuiltinESMExports();
  };
}

type Call = (...args: unknown[]) => unknown;

function inherited(holder: object, key: string): PropertyDescriptor | undefined {
  const parent = Object.getPrototypeOf(holder) as object | null;
  if (parent === null) return undefined;
  return Object.getOwnPropertyDescriptor(parent, key) ?? inherited(parent, key);
}

function refuse(name: string): never {
  throw new Error(`${name} was touched inside a simulation`);
}

/** What is neither called nor computed tells nothing of the world. */
function guardedProperty({ value, get }: PropertyDescriptor, name: string): PropertyDescriptor {
  if (typeof value === 'function') return { value: guarded(value as Call, name) };
  if (get === undefined) return {};
  return {
    get(this: unknown) {
      return inside.getStore() ? refuse(name) : (get.call(this) as unknown);
    },
  };
}

/** With the functions that it carries: `process.hrtime.bigint`, or what `promisify` takes in its place. */
function guarded(real: Call, name: string): Call {
  return new Proxy(real, {
    apply(target, self, args) {
      return inside.getStore() ? refuse(name) : Reflect.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      return inside.getStore()
        ? refuse(name)
        : (Reflect.construct(target, args, newTarget) as Call);
    },
    get(target, key) {
      const own = Object.getOwnPropertyDescriptor(target, key);
      const carried = own?.configurable === true && typeof own.value === 'function';
      return carried ? guarded(own.value as Call, `${name}.${String(key)}`) : target[key as never];
    },
  });
}

/** A date that is given is no effect. */
function guardedDate(real: DateConstructor): DateConstructor {
  return new Proxy(real, {
    apply: (target, self, args) =>
      inside.getStore() ? refuse('Date') : Reflect.apply(target, self, args),
    construct(target, args, newTarget) {
      if (inside.getStore() && args.length === 0) refuse('Date');
      return Reflect.construct(target, args, newTarget) as Date;
    },
    get(target, key) {
      const isNow = key === 'now' && inside.getStore();
      return isNow ? () => refuse('Date.now') : Reflect.get(target, key);
    },
  });
}

/** Without a date it writes what the time is now. */
function guardedFormat(real: Call): Call {
  return function (this: unknown, ...args: unknown[]) {
    if (inside.getStore() && args[0] === undefined) refuse('Intl.DateTimeFormat');
    return real.apply(this, args);
  };
}
