/** Parents before children, otherwise in the given order. On a circle: the names along it, first one repeated. */
export function topologicalOrder(
  names: readonly string[],
  parentsOf: (name: string) => readonly string[],
): { order: string[] } | { cycle: string[] } {
  const order: string[] = [];
  const placed = new Set<string>();
  let waiting = [...names];
  while (waiting.length > 0) {
    const next = waiting.find((name) => parentsOf(name).every((parent) => placed.has(parent)));
    if (next === undefined) return { cycle: findCycle(waiting, parentsOf, placed) };
    order.push(next);
    placed.add(next);
    waiting = waiting.filter((name) => name !== next);
  }
  return { order };
}

/** Every name left waits for another one that is left: following them must come round. */
function findCycle(
  waiting: readonly string[],
  parentsOf: (name: string) => readonly string[],
  placed: ReadonlySet<string>,
): string[] {
  const path: string[] = [];
  let name = waiting[0]!;
  while (!path.includes(name)) {
    path.push(name);
    name = parentsOf(name).find((parent) => !placed.has(parent))!;
  }
  return [...path.slice(path.indexOf(name)), name];
}
