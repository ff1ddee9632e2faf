import { setTimeout } from 'node:timers/promises';
import type { StudyEvent } from '@fleetune/core';
import { httpConnection, studyClient } from '@fleetune/protocol/node';

/** Every event that a client is shown, whatever becomes of the coordinator; the answer ends it. */
export function followEvents(url: string, token: string, name: string): () => StudyEvent[] {
  const seen: StudyEvent[] = [];
  const end = new AbortController();
  const follow = async (): Promise<void> => {
    const client = studyClient(httpConnection(url, token));
    while (!end.signal.aborted) {
      try {
        const after = seen.at(-1)?.id ?? 0;
        for await (const event of client.studyEvents({ name, after }, end)) seen.push(event);
      } catch {
        // It has just been killed.
        await setTimeout(100);
      }
    }
  };
  void follow();
  return () => {
    end.abort();
    return seen;
  };
}
