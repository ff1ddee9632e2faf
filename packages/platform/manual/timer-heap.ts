/**
 * The next of many timers: a heap with four branches, from which any timer can be taken out. A timer is a number, and
 * what is known of all of them lies side by side: thousands of objects would be all over the memory.
 */
export interface TimerHeap {
  /** The answer takes it out again, as long as it is there. */
  set(atMs: number, callback: () => void): () => void;
  /** When the next one is due; undefined without any. */
  nextMs(): number | undefined;
  /** Takes out the next one, of those that are due at once the one that was set first. */
  take(): () => void;
}

const BRANCHES = 4;

/** Places of timers that are not in the heap: not yet, or not any more. */
const FRESH = -2;
const GONE = -1;

export function timerHeap(): TimerHeap {
  // By number.
  const callbacks: (() => void)[] = [];
  let dueMs = new Float64Array(64);
  let sequences = new Float64Array(64);
  let places = new Int32Array(64);
  // By place in the heap.
  let times = new Float64Array(64);
  let numbers = new Int32Array(64);
  let size = 0;
  let lastSequence = 0;
  const unused: number[] = [];
  /** Set since the heap was last looked at: most are cancelled before, and never come into it. */
  const fresh: number[] = [];
  let freshCount = 0;

  function newNumber(): number {
    const number = unused.pop() ?? callbacks.length;
    if (number === places.length) {
      dueMs = grown(dueMs, Float64Array);
      sequences = grown(sequences, Float64Array);
      places = grown(places, Int32Array);
      times = grown(times, Float64Array);
      numbers = grown(numbers, Int32Array);
    }
    return number;
  }

  function cancel(number: number, sequence: number): void {
    // It is another timer's by now.
    if (sequences[number] !== sequence) return;
    const place = places[number]!;
    forget(number);
    if (place !== FRESH) removeAt(place);
  }

  function forget(number: number): void {
    if (places[number] !== FRESH) unused.push(number);
    places[number] = GONE;
    sequences[number] = -1;
    callbacks[number] = NOTHING;
  }

  function addFresh(): void {
    for (let i = 0; i < freshCount; i++) {
      const number = fresh[i]!;
      if (places[number] === FRESH) rise(number, dueMs[number]!, size++);
      else unused.push(number);
    }
    freshCount = 0;
  }

  function removeAt(place: number): void {
    size -= 1;
    if (place === size) return;
    const number = numbers[size]!;
    const atMs = times[size]!;
    const above = (place - 1) >> 2;
    if (place > 0 && isBefore(number, atMs, above)) rise(number, atMs, place);
    else sink(number, atMs, place);
  }

  /** Puts the timer at `place`, or nearer to the top. */
  function rise(number: number, atMs: number, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 2;
      if (!isBefore(number, atMs, above)) break;
      put(numbers[above]!, times[above]!, place);
      place = above;
    }
    put(number, atMs, place);
  }

  function sink(number: number, atMs: number, from: number): void {
    let place = from;
    for (;;) {
      let next = place * BRANCHES + 1;
      if (next >= size) break;
      const end = Math.min(next + BRANCHES, size);
      for (let other = next + 1; other < end; other++) {
        if (times[other]! > times[next]!) continue;
        if (isBefore(numbers[other]!, times[other]!, next)) next = other;
      }
      if (isBefore(number, atMs, next)) break;
      put(numbers[next]!, times[next]!, place);
      place = next;
    }
    put(number, atMs, place);
  }

  function put(number: number, atMs: number, place: number): void {
    numbers[place] = number;
    times[place] = atMs;
    places[number] = place;
  }

  function isBefore(number: number, atMs: number, place: number): boolean {
    const otherMs = times[place]!;
    if (atMs !== otherMs) return atMs < otherMs;
    return sequences[number]! < sequences[numbers[place]!]!;
  }

  return {
    set(atMs, callback) {
      const number = newNumber();
      const sequence = lastSequence++;
      callbacks[number] = callback;
      dueMs[number] = atMs;
      sequences[number] = sequence;
      places[number] = FRESH;
      fresh[freshCount++] = number;
      return () => cancel(number, sequence);
    },
    nextMs() {
      addFresh();
      return size === 0 ? undefined : times[0];
    },
    take() {
      addFresh();
      const number = numbers[0]!;
      const callback = callbacks[number]!;
      forget(number);
      removeAt(0);
      return callback;
    },
  };
}

const NOTHING = (): void => undefined;

function grown<T extends Float64Array | Int32Array>(full: T, kind: new (length: number) => T): T {
  const larger = new kind(2 * full.length);
  larger.set(full);
  return larger;
}
