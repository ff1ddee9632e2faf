/** One callback to come. */
export interface Timer {
  atMs: number;
  /** Of two that are due at once, the one that was set first comes first. */
  sequence: number;
  callback: () => void;
  /** Its place in the heap, or one of the two below. */
  place: number;
}

/** Not in the heap any more, or not yet. */
export const GONE = -1;
export const FRESH = -2;

/** The next of many timers: a heap with four branches, from which any timer can be taken out. */
export interface TimerHeap {
  readonly size: number;
  first(): Timer | undefined;
  add(timer: Timer): void;
  /** False when it is not there any more. */
  remove(timer: Timer): boolean;
}

const BRANCHES = 4;

export function timerHeap(): TimerHeap {
  const timers: Timer[] = [];
  /** The times of `timers`, side by side: of many timers, all that is looked at on most ways up and down. */
  let times = new Float64Array(64);

  /** Puts the timer at `place`, or nearer to the top. */
  function rise(timer: Timer, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 2;
      if (!isBefore(timer, above)) break;
      put(timers[above]!, place);
      place = above;
    }
    put(timer, place);
  }

  function sink(timer: Timer, from: number): void {
    let place = from;
    for (;;) {
      let next = place * BRANCHES + 1;
      if (next >= timers.length) break;
      const end = Math.min(next + BRANCHES, timers.length);
      for (let other = next + 1; other < end; other++) {
        if (times[other]! > times[next]!) continue;
        if (isBefore(timers[other]!, next)) next = other;
      }
      if (isBefore(timer, next)) break;
      put(timers[next]!, place);
      place = next;
    }
    put(timer, place);
  }

  function put(timer: Timer, place: number): void {
    timers[place] = timer;
    times[place] = timer.atMs;
    timer.place = place;
  }

  function isBefore({ atMs, sequence }: Timer, place: number): boolean {
    const otherMs = times[place]!;
    return atMs < otherMs || (atMs === otherMs && sequence < timers[place]!.sequence);
  }

  return {
    get size() {
      return timers.length;
    },
    first: () => timers[0],
    add(timer) {
      if (timers.length === times.length) {
        const before = times;
        times = new Float64Array(2 * before.length);
        times.set(before);
      }
      timers.push(timer);
      rise(timer, timers.length - 1);
    },
    remove(timer) {
      const { place } = timer;
      if (place < 0) return false;
      timer.place = GONE;
      const last = timers.pop()!;
      if (last === timer) return true;
      const above = (place - 1) >> 2;
      if (place > 0 && isBefore(last, above)) rise(last, place);
      else sink(last, place);
      return true;
    },
  };
}
