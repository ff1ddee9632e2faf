import type { Change, StudySpec } from '@fleetune/core';
import { mark, type Clock } from '@fleetune/platform';
import type { Made, Thinker, Thinkers, ToThinker } from './thinker-port.ts';

/** Keeps a thinker alive that knows what the study knows. */
export interface ThinkerLink {
  /** It knows everything, and takes orders. */
  open(): boolean;
  /** What the last one died of; undefined once its successor has made a suggestion. */
  death(): string | undefined;
  learn(change: Change): void;
  /** Only while it is open. */
  make(order: Omit<Extract<ToThinker, { kind: 'make' }>, 'kind'>): void;
  close(): void;
}

export interface ThinkerLinkOptions {
  thinkers: Thinkers;
  spec: StudySpec;
  clock: Clock;
  /** All that a new one has to know. */
  history: () => Iterable<Change>;
  onOpen(): void;
  onMade(made: Made): void;
  /** What was ordered will not come. */
  onDeath(): void;
}

/** The history is told in pieces: the coordinator has other things to do in between. */
const PIECE = 256;
const RESTART_FIRST_MS = 500;
const RESTART_MAX_MS = 60_000;
/** One that owes an answer and gives none for so long hangs. Twice as long after each time: it may only be slow. */
const SILENT_MS = 60_000;

export function createThinkerLink(options: ThinkerLinkOptions): ThinkerLink {
  const { thinkers, clock } = options;
  let thinker: Thinker | undefined;
  /** What it has not been told yet, the oldest last. */
  let untold: Change[] = [];
  let deaths = 0;
  let death: string | undefined;
  let cancelTimer = (): void => undefined;
  let owed = 0;
  let patienceMs = SILENT_MS;
  let cancelWatch = (): void => undefined;

  function watch(): void {
    cancelWatch();
    if (owed > 0) cancelWatch = clock.after(patienceMs, hung, { unref: true });
  }

  function hung(): void {
    const silent = `it gave no answer for ${patienceMs / 1000} s`;
    patienceMs *= 2;
    thinker!.stop();
    die(silent);
  }

  function start(): void {
    const { space, constraints, sampler, seed, objectives } = options.spec;
    const several = objectives && { objectives };
    const own = thinkers.start({
      onMade(made) {
        if (thinker !== own) return;
        deaths = 0;
        death = undefined;
        owed -= 1;
        watch();
        options.onMade(made);
      },
      onDeath(why) {
        if (thinker === own) die(why);
      },
    });
    thinker = own;
    own.tell({ kind: 'begin', spec: { space, constraints, sampler, seed, ...several } });
    untold = [...options.history()].reverse();
    tellPiece();
  }

  function tellPiece(): void {
    const changes = untold.splice(-PIECE).reverse();
    thinker!.tell({ kind: 'learn', changes });
    if (untold.length > 0) cancelTimer = clock.after(0, tellPiece);
    else options.onOpen();
  }

  function die(why: string): void {
    mark('thinker-died');
    cancelTimer();
    owed = 0;
    cancelWatch();
    thinker = undefined;
    untold = [];
    death = why;
    const delayMs = Math.min(RESTART_MAX_MS, RESTART_FIRST_MS * 2 ** deaths);
    deaths += 1;
    cancelTimer = clock.after(delayMs, start, { unref: true });
    options.onDeath();
  }

  const open = (): boolean => thinker !== undefined && untold.length === 0;
  // Not at once: whoever makes the link has to have it first.
  cancelTimer = clock.after(0, start);
  return {
    open,
    death: () => death,
    learn(change) {
      if (open()) thinker!.tell({ kind: 'learn', changes: [change] });
      else if (thinker !== undefined) untold.unshift(change);
    },
    make(order) {
      thinker!.tell({ kind: 'make', ...order });
      owed += 1;
      if (owed === 1) watch();
    },
    close() {
      cancelTimer();
      cancelWatch();
      thinker?.stop();
      thinker = undefined;
      untold = [];
    },
  };
}
