/** For lists that mostly have one item: pushed into an empty list it would take the room of a dozen. */
export function added<T>(list: T[], item: T): T[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}
