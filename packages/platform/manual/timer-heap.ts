/** One callback to come. */
export interface Timer {
  atMs: number;
  /** Of two that are due at once, the one that was set first comes first. */
  sequence: number;
  callback: () => void;
  /** Its place in the heap; -1 when it is not there. */
  place: number;
}

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

  /** Puts the timer at `place`, or nearer to the top. */
  function rise(timer: Timer, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 2;
      const other = timers[above]!;
      if (!isBefore(timer, other)) break;
      put(other, place);
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
        if (isBefore(timers[other]!, timers[next]!)) next = other;
      }
      if (!isBefore(timers[next]!, timer)) break;
      put(timers[next]!, place);
      place = next;
    }
    put(timer, place);
  }

  function put(timer: Timer, place: number): void {
    timers[place] = timer;
    timer.place = place;
  }

  return {
    get size() {
      return timers.length;
    },
    first: () => timers[0],
    add(timer) {
      timers.push(timer);
      rise(timer, timers.length - 1);
    },
    remove(timer) {
      const { place } = timer;
      if (place < 0) return false;
      timer.place = -1;
      const last = timers.pop()!;
      if (last === timer) return true;
      const above = timers[(place - 1) >> 2];
      if (place > 0 && isBefore(last, above!)) rise(last, place);
      else sink(last, place);
      return true;
    },
  };
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.sequence < other.sequence);
}
