import { setTimeout } from 'node:timers/promises';
import { FleetuneError, type StudyEvent, type StudyStatus } from '@fleetune/core';
import { studyClient } from '@fleetune/protocol/node';
import { connect, type Address } from './address.ts';
import { runResult, type RunResult } from './run-result.ts';

/** A study that runs elsewhere, watched as if it ran here. */
export interface FollowedStudy {
  /** As the coordinator said it last; at least as new as the events that were passed on. */
  status(): StudyStatus;
  /** Called with durable events as they come; the answer ends it. */
  subscribe(listener: (events: StudyEvent[]) => void): () => void;
  /** Stops watching; the study goes on. */
  leave(): void;
  /** Its end; nothing once we have left. Rejects when the coordinator refuses. */
  readonly done: Promise<RunResult | undefined>;
}

export interface FollowOptions {
  /** The last event that is known. */
  after: number;
  /** The coordinator does not answer; said once, until it does again. */
  onAway(error: FleetuneError): void;
}

/** From one look at the status to the next: while something happens, and while nothing does. */
const LOOK_MS = 200;
const QUIET_MS = 1_000;
const AGAIN_MS = 1_000;

export async function followStudy(
  address: Address,
  name: string,
  { after, onAway }: FollowOptions,
): Promise<FollowedStudy> {
  const connection = connect(address);
  const client = studyClient(connection);
  const over = new AbortController();
  const { signal } = over;
  const listeners = new Set<(events: StudyEvent[]) => void>();
  const unseen: StudyEvent[] = [];
  let last = after;
  let news = Promise.withResolvers<void>();
  let status = await client.studyStatus({ name });

  async function read(): Promise<void> {
    while (!signal.aborted) {
      await retryable(async () => {
        for await (const event of client.studyEvents({ name, after: last }, { signal })) {
          last = event.id;
          unseen.push(event);
          news.resolve();
        }
      });
      await pause(AGAIN_MS, signal);
    }
  }

  async function look(): Promise<RunResult | undefined> {
    let away = false;
    for (;;) {
      news = Promise.withResolvers();
      const batch = unseen.splice(0);
      const error = await retryable(async () => {
        status = await client.studyStatus({ name }, { signal });
      });
      if (signal.aborted) return undefined;
      if (error !== undefined && !away) onAway(error);
      away = error !== undefined;
      for (const listener of batch.length > 0 ? listeners : []) listener(batch);
      const { end, state, lastEvent } = status;
      const seen = unseen.length === 0 && last >= lastEvent;
      if (state === 'ended' && end !== undefined && seen) return runResult(end.end, status);
      await Promise.race([pause(QUIET_MS, signal), news.promise]);
      await pause(LOOK_MS, signal);
    }
  }

  return {
    status: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    leave: () => over.abort(),
    done: Promise.race([look(), read().then(() => undefined)]).finally(() => {
      over.abort();
      connection.close();
    }),
  };
}

/** The error, when another try can help; a refusal is thrown. */
async function retryable(action: () => Promise<void>): Promise<FleetuneError | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (error instanceof FleetuneError && error.info.retryable) return error;
    throw error;
  }
}

/** Also ends, early, with the signal. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
