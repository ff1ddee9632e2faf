import type { StudyEvent } from '@fleetune/core';
import type { Coordinator, StudyHost } from '@fleetune/coordinator';

/**
 * Passes on the events of the study's opening (its creation, what changed in its file, the end of a killed run), which
 * are durable before anybody can listen, and then each durable batch, until the answer is called. Each event once.
 */
export function sinceOpening(
  coordinator: Coordinator,
  host: StudyHost,
  listener: (events: StudyEvent[]) => void,
): () => void {
  let last = host.readUpTo;
  function pass(events: StudyEvent[]): void {
    // What the store has already may still be announced.
    const news = events.filter(({ id }) => id > last);
    last = news.at(-1)?.id ?? last;
    if (news.length > 0) listener(news);
  }
  pass([...coordinator.events(host, last)]);
  return host.subscribe(pass);
}
