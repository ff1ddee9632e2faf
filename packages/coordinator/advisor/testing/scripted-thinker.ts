import type { Effort } from '@fleetune/core';
import type { Clock } from '@fleetune/platform';
import { createThinker } from '../thinker.ts';
import type { Made, Thinkers, ToThinker } from '../thinker-port.ts';

/** The real sampler on a clock of the test's: a suggestion takes as long as the script says. */
export interface ScriptedThinker extends Thinkers {
  /** How often one was started. */
  starts: number;
  /** Everything that the latest one was told. */
  told: ToThinker[];
  tookMs: Record<Effort, number>;
  alive: boolean;
  /** The latest one dies. */
  kill(why: string): void;
}

export function scriptedThinker(clock: Clock): ScriptedThinker {
  let workedMs = 0;
  const script: ScriptedThinker = {
    starts: 0,
    told: [],
    alive: false,
    tookMs: { full: 10, reduced: 5 },
    kill: () => undefined,
    workedMs: () => (workedMs += 1e6),
    start({ onMade, onDeath }) {
      script.starts += 1;
      script.told = [];
      const told = script.told;
      const inbox: ToThinker[] = [];
      let alive = (script.alive = true);
      let busy = false;
      let tookMs = 0;
      const take = createThinker(clock, (made: Made) => {
        busy = true;
        const answered = { ...made, tookMs };
        clock.after(tookMs, () => {
          busy = false;
          if (alive) onMade(answered);
          next();
        });
      });
      const next = (): void => {
        while (alive && !busy && inbox.length > 0) {
          const message = inbox.shift()!;
          if (message.kind === 'make') tookMs = script.tookMs[message.effort];
          take(message);
        }
      };
      script.kill = (why) => {
        alive = false;
        onDeath(why);
      };
      return {
        tell(message) {
          told.push(message);
          inbox.push(message);
          next();
        },
        stop: () => void (alive = script.alive = false),
      };
    },
  };
  return script;
}
