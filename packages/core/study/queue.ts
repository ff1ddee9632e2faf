/** First in, first out in amortised O(1), over a plain array. */
export interface Queue {
  items: Place[];
  head: number;
}

/** A trial's place in a queue. It is void once the trial no longer holds its ticket. */
export interface Place {
  trial: number;
  ticket: number;
}

export function newQueue(items: Place[] = []): Queue {
  return { items, head: 0 };
}

export function enqueue(queue: Queue, item: Place): void {
  queue.items.push(item);
}

export function peek(queue: Queue): Place | undefined {
  return queue.items[queue.head];
}

export function dequeue(queue: Queue): void {
  if (queue.head === queue.items.length) return;
  queue.head += 1;
  // Half of the array is spent: move the rest down once, which those removals have paid for.
  if (queue.head * 2 > queue.items.length) {
    queue.items = queue.items.slice(queue.head);
    queue.head = 0;
  }
}

export function waiting(queue: Queue): Place[] {
  return queue.items.slice(queue.head);
}
