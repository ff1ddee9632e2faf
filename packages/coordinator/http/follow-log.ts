import type { ServerResponse } from 'node:http';
import type { StudyEvent } from '@fleetune/core';

export interface FollowedLog {
  /** Durable events with a greater id, at most `limit`. */
  events(after: number, limit: number): Iterable<StudyEvent>;
  /** Called when there are more; the answer ends it. */
  subscribe(listener: () => void): () => void;
  /** Asked before each page: false ends it. */
  mayGoOn(): boolean;
}

const PAGE = 256;
/** So much may wait for a slow reader; the rest stays in the store. */
const MOST_BYTES = 1 << 18;

/** Sends the log after `last`, and then what comes, as fast as the reader reads, until the connection ends. */
export async function followLog(
  log: FollowedLog,
  response: ServerResponse,
  last: number,
): Promise<void> {
  let news = Promise.withResolvers<void>();
  const wake = (): void => news.resolve();
  const unsubscribe = log.subscribe(wake);
  response.on('drain', wake);
  response.on('close', wake);
  try {
    while (!response.closed) {
      news = Promise.withResolvers();
      let sent = 0;
      if (!log.mayGoOn()) return void response.end();
      for (const event of log.events(last, PAGE)) {
        last = event.id;
        sent += 1;
        response.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
        if (response.writableLength > MOST_BYTES) break;
      }
      // A full page: others get their turn, and there is more.
      if (sent === PAGE) setImmediate(wake);
      await news.promise;
    }
  } finally {
    unsubscribe();
  }
}
