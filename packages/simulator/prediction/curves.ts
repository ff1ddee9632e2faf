import type { Curve } from './measured-log.ts';

/** Learning curves, each as far as it is known and beyond that as others went on that had come to about the same value. */
export interface Curves {
  at(curve: Curve, fidelity: number): number;
  /** Standard deviation of the last values. */
  readonly spread: number;
}

/** More of them to choose from would only take longer. */
const HEIRS_MAX = 500;

/** Each of the curves has a value. */
export function createCurves(curves: readonly Curve[]): Curves {
  const heirs = new Map<Curve, Curve | undefined>();
  const every = Math.ceil(curves.length / HEIRS_MAX);
  const candidates = curves.filter((_, i) => i % every === 0);

  /** Who shows how the curve would have gone on: of those that went further, the nearest at its last step. */
  function heirOf(curve: Curve): Curve | undefined {
    if (heirs.has(curve)) return heirs.get(curve);
    const [step, value] = lastOf(curve);
    let heir: Curve | undefined;
    let nearest = Infinity;
    for (const other of candidates) {
      if (lastOf(other)[0] <= step) continue;
      const distance = Math.abs(known(other, step) - value);
      if (distance >= nearest) continue;
      nearest = distance;
      heir = other;
    }
    heirs.set(curve, heir);
    return heir;
  }

  function at(curve: Curve, fidelity: number): number {
    const [step, value] = lastOf(curve);
    if (fidelity <= step) return known(curve, fidelity);
    const heir = heirOf(curve);
    return heir === undefined ? value : value + at(heir, fidelity) - known(heir, step);
  }

  return { at, spread: deviation(curves.map((curve) => lastOf(curve)[1])) };
}

/** Straight from one report to the next. */
function known({ steps, values }: Curve, fidelity: number): number {
  const next = steps.findIndex((step) => step >= fidelity);
  if (next < 0) return values.at(-1) ?? NaN;
  if (next === 0 || steps[next] === fidelity) return values[next]!;
  const share = (fidelity - steps[next - 1]!) / (steps[next]! - steps[next - 1]!);
  return values[next - 1]! + share * (values[next]! - values[next - 1]!);
}

function lastOf({ steps, values }: Curve): [step: number, value: number] {
  return [steps.at(-1) ?? -Infinity, values.at(-1) ?? NaN];
}

function deviation(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) return 0;
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  return Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length);
}
