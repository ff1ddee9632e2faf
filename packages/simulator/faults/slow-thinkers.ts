import type { RandomStream } from '@fleetune/core';
import { createThinker, type Thinkers } from '@fleetune/coordinator/advisor';
import type { Clock } from '@fleetune/platform';
import type { ThinkingKnobs } from '../scenario.ts';

/** The advisor's thread under virtual time: the real one's other side, slow, and not to be relied upon. */
export function slowThinkers(
  clock: Clock,
  random: RandomStream,
  { longestMs, deadly }: ThinkingKnobs,
  onStrike: () => void,
): Thinkers {
  return {
    workedMs: () => clock.monotonic(),
    start({ onMade, onDeath }) {
      let over = false;
      let freeAtMs = clock.monotonic();
      let tookMs = 0;
      const think = createThinker(clock, (made) => {
        if (!over) onMade({ ...made, tookMs });
      });
      return {
        tell(message) {
          const copy = structuredClone(message);
          const ms = message.kind === 'make' ? longestMs * random.next() ** 3 : longestMs / 100;
          const dies = message.kind === 'make' && random.next() < deadly;
          // It takes one message after the other.
          freeAtMs = Math.max(freeAtMs, clock.monotonic()) + ms;
          clock.after(freeAtMs - clock.monotonic(), () => {
            if (over) return;
            tookMs = ms;
            if (!dies) return think(copy);
            over = true;
            onStrike();
            onDeath('killed');
          });
        },
        stop: () => void (over = true),
      };
    },
  };
}
