import type { StudyEvent } from '@fleetune/core';

/** Events for any number of readers, each from the moment that it begins to read. */
export interface EventStream extends AsyncIterable<StudyEvent> {
  push(events: readonly StudyEvent[]): void;
  /** Readers end after what they have not read yet; with an error, by throwing it. */
  end(error?: unknown): void;
}

export function eventStream(): EventStream {
  const readers = new Set<{ queue: StudyEvent[]; wake: () => void }>();
  let ended: { error?: unknown } | undefined;

  async function* read(): AsyncGenerator<StudyEvent> {
    const reader = { queue: [] as StudyEvent[], wake: (): void => undefined };
    readers.add(reader);
    try {
      for (;;) {
        const event = reader.queue.shift();
        if (event !== undefined) yield event;
        else if (ended === undefined) await new Promise<void>((wake) => (reader.wake = wake));
        else if (ended.error === undefined) return;
        else throw ended.error;
      }
    } finally {
      readers.delete(reader);
    }
  }

  return {
    push(events) {
      for (const reader of readers) {
        reader.queue.push(...events);
        reader.wake();
      }
    },
    end(error) {
      ended ??= { error };
      for (const reader of readers) reader.wake();
    },
    [Symbol.asyncIterator]: read,
  };
}
