// The thread of an advisor: both sides of the port on Node.js.

import { Worker, parentPort } from 'node:worker_threads';
import { assert } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import { createThinker } from './thinker.ts';
import type { Made, Thinkers, ToThinker } from './thinker-port.ts';

/** `entry` is a module that calls `runAdvisorThread`. */
export function advisorThreads(entry: string): Thinkers {
  return {
    start({ onMade, onDeath }) {
      const thread = new Worker(entry);
      // A study that nobody runs any more is no reason to stay.
      thread.unref();
      let cause: unknown;
      thread.on('message', onMade);
      thread.on('error', (error) => (cause = error));
      thread.on('exit', (code) => onDeath(cause === undefined ? `exit ${code}` : messageOf(cause)));
      return {
        tell: (message) => thread.postMessage(message),
        stop: () => void thread.terminate(),
      };
    },
    workedMs() {
      const { user, system } = usage.call(process);
      return (user + system) / 1000;
    },
  };
}

/** Of this thread alone where Node.js can tell: asking for all threads takes ten times as long, with every result. */
const usage = process.threadCpuUsage ?? process.cpuUsage;

export function runAdvisorThread(clock: Clock): void {
  assert(parentPort !== null, 'the entry of the advisor is started as a thread');
  const port = parentPort;
  const take = createThinker(clock, (made: Made) => port.postMessage(made));
  port.on('message', (message: ToThinker) => take(message));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
