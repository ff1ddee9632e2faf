import {
  assert,
  type AdvisorStatus,
  type Change,
  type Exhausted,
  type Suggestion,
} from '@fleetune/core';
import { mark } from '@fleetune/platform';
import { createAhead, type Ahead } from './ahead.ts';
import { baselineOf } from './baseline.ts';
import { countAsk, newDemand } from './demand.ts';
import { isFallback } from './fallback.ts';
import { ALWAYS_CHEAP, createInline, type Inline, type InlineOptions } from './inline.ts';

/** Makes the suggestions of one study: the file's defaults first, then the sampler's. */
export interface Advisor {
  observe(change: Change): void;
  /** `pending`: the suggestion is being made; ask again when `onReady` has been called. */
  suggest(trial: number): Suggestion | Exhausted | 'pending';
  status(): AdvisorStatus;
  /** Nothing will be asked any more. */
  close(): void;
}

export interface AdvisorOptions extends InlineOptions {
  /** Why to begin with a thread, when the advisor before this one had one. */
  movedBecause?: string | undefined;
  /** Trials that run now. */
  running(): number;
  /** A pending suggestion can be had. */
  onReady(): void;
}

/** While a thread is getting ready, suggestions that take longer than this come from the fallback. */
const ASK_MAX_MS = 5;

/**
 * Makes suggestions in this thread as long as they are cheap, and ahead of demand in one of their own from then on
 * (docs/internals/advisor.md).
 */
export function createAdvisor(options: AdvisorOptions): Advisor {
  const { spec, space, clock, thinkers, movedBecause } = options;
  const baseline = baselineOf(spec, space);
  const demand = newDemand();
  let given = 0;
  let fallbacks = 0;
  let ahead = movedBecause === undefined ? undefined : moved(movedBecause);
  let inline = ahead === undefined ? createInline(options, move) : undefined;

  function moved(why: string): Ahead | undefined {
    if (thinkers === undefined || ALWAYS_CHEAP.includes(spec.sampler.type)) return;
    mark('advisor-moved');
    return createAhead({ ...options, thinkers, demand, why });
  }

  function move(why: string): void {
    ahead ??= moved(why);
  }

  /** The thread takes over as soon as it has something to give: until then cheap suggestions are still made here. */
  function source(): Inline | Ahead {
    if (ahead !== undefined && (ahead.ready() || inline === undefined)) {
      inline = undefined;
      return ahead;
    }
    assert(inline !== undefined, 'suggestions come from nowhere');
    return ahead === undefined || inline.lastMs() <= ASK_MAX_MS ? inline : ahead;
  }

  return {
    observe(change) {
      inline?.observe(change);
      ahead?.observe(change);
    },
    suggest(trial) {
      if (trial === 0 && baseline !== undefined) return baseline;
      countAsk(demand, clock.monotonic(), options.running());
      const suggestion = source().suggest(trial);
      if (suggestion !== 'pending' && 'params' in suggestion) {
        given += 1;
        if (isFallback(suggestion)) {
          mark('advisor-fallback');
          fallbacks += 1;
        }
      }
      return suggestion;
    },
    status: () => ({
      given,
      fallbackShare: fallbacks / Math.max(1, given),
      ...(ahead?.status() ?? INLINE),
    }),
    close() {
      ahead?.close();
    },
  };
}

const INLINE = {
  mode: 'inline',
  step: 'full',
  reason: { code: 'cheap', text: 'suggestions are cheap: each is made when it is asked for' },
  queue: { ready: 0, wanted: 0 },
  modelLag: 0,
} as const;
