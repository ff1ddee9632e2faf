/**
 * Resolves once every promise that can be resolved without time or I/O has been, and all that follows from it has
 * happened. Node.js runs its next ticks when the queue of promises is empty: much sooner than the next turn of the
 * event loop, of which a simulation of millions of steps would need as many.
 */
export function settled(): Promise<void> {
  return Promise.resolve().then(() => new Promise((resolve) => void process.nextTick(resolve)));
}
