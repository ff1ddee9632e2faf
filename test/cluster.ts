// A coordinator and its workers as processes of their own, and what their study's log says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@fleetune/coordinator/store';
import type { StudyEvent } from '@fleetune/core';
import { expect } from 'vitest';
import { startCommand, until, type Started } from './command.ts';

/** Where a process runs: in which network, say. */
export type Place = readonly string[];

export interface Cluster {
  /** Resolves once it listens. */
  serve(options?: ServeOptions): Promise<Serving>;
  worker(url: string, name: string, place?: Place): Started;
  /** A command with the cluster's token. */
  start(args: readonly string[], place?: Place): Started;
  /** Ends whatever is left. */
  close(): Promise<void>;
}

export interface ServeOptions {
  host?: string;
  port?: number;
  place?: Place;
  flags?: readonly string[];
}

export interface Serving {
  process: Started;
  url: string;
  /** Studies that a dead coordinator left open. */
  resumed: string[];
}

export function newCluster(folder: string): Cluster {
  const started = new Set<Started>();

  function start(args: readonly string[], place?: Place): Started {
    const command = startCommand(args, folder, { FLEETUNE_TOKEN: tokenIn(folder) }, place);
    started.add(command);
    void command.finished.then(() => started.delete(command));
    return command;
  }

  return {
    start,
    async serve({ host = '127.0.0.1', port = 0, place, flags = [] } = {}) {
      const args = ['serve', '--host', host, '--port', String(port), '--json', ...flags];
      const process = start(args, place);
      let listening: Omit<Serving, 'process'> | undefined;
      let over = false;
      process.onLine((line) => (listening ??= JSON.parse(line) as typeof listening));
      void process.finished.then(() => (over = true));
      await until('it listens', () => listening !== undefined || over);
      if (listening === undefined) throw new Error((await process.finished).stderr);
      return { process, ...listening };
    },
    worker: (url, name, place) =>
      start(['worker', '--url', url, '--slots', '2', '--name', name], place),
    async close() {
      const left = [...started];
      for (const { process } of left) process.kill('SIGKILL');
      await Promise.all(left.map(({ finished }) => finished));
    },
  };
}

/** The token of the coordinator that has served from the folder; empty before. */
function tokenIn(folder: string): string {
  try {
    return readFileSync(join(folder, 'fleetune.token'), 'utf8').trim();
  } catch {
    return '';
  }
}

export function eventsIn(folder: string, study: string): StudyEvent[] {
  const store = sqliteStore(join(folder, 'fleetune.db'), { readOnly: true });
  const row = store.study(study);
  const events = row === undefined ? [] : [...store.events(row.id, 0)];
  void store.close();
  return events;
}

/**
 * What holds for the log of a study whose every attempt reports 1, 2, … up to `epochs`, read without the code that
 * wrote it: ids without a gap, attempts that begin and end once, one at a time, and reports in order.
 */
export function checkLog(events: readonly StudyEvent[], epochs: number): void {
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  const attempts = new Map<string, { steps: number[]; ends: string[] }>();
  const live = new Map<number, number>();
  for (const event of events) {
    if (event.kind === 'attempt-started') {
      const key = `${event.trial}/${event.attempt}`;
      expect(attempts.has(key), `attempt ${key} began once`).toBe(false);
      expect(live.has(event.trial), `trial ${event.trial} has one attempt at a time`).toBe(false);
      live.set(event.trial, event.attempt);
      attempts.set(key, { steps: [], ends: [] });
    } else if (event.kind === 'reports') {
      for (const { trial, attempt, columns } of event.items) {
        expect(live.get(trial), `only the live attempt of ${trial} reports`).toBe(attempt);
        attempts.get(`${trial}/${attempt}`)!.steps.push(...columns.step.map(Number));
      }
    } else if (event.kind === 'attempt-ended') {
      live.delete(event.trial);
      attempts.get(`${event.trial}/${event.attempt}`)!.ends.push(event.end);
    }
  }
  const whole = Array.from({ length: epochs }, (_, index) => index + 1);
  for (const [key, { steps, ends }] of attempts) {
    expect(ends, `attempt ${key} ended once`).toHaveLength(1);
    expect(steps, `reports of ${key}`).toEqual(whole.slice(0, steps.length));
    if (ends[0] === 'completed') expect(steps).toEqual(whole);
  }
}
