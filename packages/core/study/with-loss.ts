/** The losses by rung after one more; rungs that were jumped over have none. */
export function withLoss(passed: readonly number[], rung: number, loss: number): number[] {
  const longer = passed.slice();
  while (longer.length < rung) longer.push(NaN);
  longer.push(loss);
  return longer;
}
