/** First in, first out in amortised O(1), over a plain array. */
export interface Queue {
  items: number[];
  head: number;
}

export function newQueue(items: number[] = []): Queue {
  return { items, head: 0 };
}

export function enqueue(queue: Queue, item: number): void {
  queue.items.push(item);
}

export function peek(queue: Queue): number | undefined {
  return queue.items[queue.head];
}

export function dequeue(queue: Queue): number | undefined {
  const item = queue.items[queue.head];
  if (item === undefined) return undefined;
  queue.head += 1;
  // Half of the array is spent: move the rest down once, which those removals have paid for.
  if (queue.head * 2 > queue.items.length) {
    queue.items = queue.items.slice(queue.head);
    queue.head = 0;
  }
  return item;
}

export function waiting(queue: Queue): number[] {
  return queue.items.slice(queue.head);
}
