/** Options of the sampler `tpe`. */
export interface TpeOptions {
  /** Trials to end before the model is asked; until then draws are random. */
  startup: number;
  /** Draws from l of which the best by score is suggested. */
  candidates: number;
  /** What a kernel of l weighs by: the rank of its trial, or its age as in g. */
  weights: 'rank' | 'age';
  /** The narrowest width of a kernel of g, as a share of the range. */
  smoothing: number;
  /** What a pending trial weighs in g, as a share of what an ended one would. */
  liar: number;
  /** Are parameters of one condition modelled together, or each alone? */
  multivariate: boolean;
}

/** What did better on half of the tasks of benchmarks/sampler-quality.ts (docs/decisions/0015). */
export const tpeDefaults: TpeOptions = {
  startup: 10,
  candidates: 24,
  weights: 'rank',
  smoothing: 0.2,
  liar: 0.1,
  multivariate: true,
};

/** As Optuna 5.0.0 does it by default. */
export const tpeParity: TpeOptions = {
  startup: 10,
  candidates: 24,
  weights: 'age',
  smoothing: 0,
  liar: 1,
  multivariate: true,
};

/** With several objectives there are more good trials, and narrower ones tell them apart (docs/decisions/0017). */
export function tpeDefaultsFor(objectives: number, parity = false): TpeOptions {
  if (objectives === 1) return parity ? tpeParity : tpeDefaults;
  return parity ? { ...tpeParity, multivariate: false } : { ...tpeDefaults, smoothing: 0.1 };
}
