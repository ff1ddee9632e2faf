/** Options of the sampler `tpe`. */
export interface TpeOptions {
  /** Trials to start before the model is asked. */
  startup: number;
  /** Of which so many must have ended, all of them at most. Absent: all. */
  ended?: number;
  /** What is suggested until then. Absent: random. */
  initial?: 'sobol' | 'random';
  /** Draws from l of which the best by score is suggested. */
  candidates: number;
  /** So many more for each pending trial, up to three times as many. Absent: 0. */
  perPending?: number;
  /** What a kernel of l weighs by: the rank of its trial, or its age as in g. */
  weights: 'rank' | 'age';
  /** The narrowest width of a kernel of g, as a share of the range. */
  smoothing: number;
  /** What a pending trial weighs in g, as a share of what an ended one would. */
  liar: number;
  /** Are parameters of one condition modelled together, or each alone? */
  multivariate: boolean;
  /** Is a trial one kernel across conditions, or one for the parameters of each? Absent: apart. */
  branches?: 'apart' | 'joint';
}

/** What did better on half of the tasks of benchmarks/sampler-quality.ts (docs/decisions/0015 and 0018). */
export const tpeDefaults: Required<TpeOptions> = {
  startup: 10,
  ended: 3,
  initial: 'sobol',
  candidates: 24,
  perPending: 2,
  weights: 'rank',
  smoothing: 0.2,
  liar: 0.1,
  multivariate: true,
  branches: 'apart',
};

/** As Optuna 5.0.0 does it by default. */
export const tpeParity: TpeOptions = {
  startup: 10,
  initial: 'random',
  candidates: 24,
  perPending: 0,
  weights: 'age',
  smoothing: 0,
  liar: 1,
  multivariate: true,
  branches: 'apart',
};

/** With several objectives there are more good trials, and narrower ones tell them apart (docs/decisions/0017). */
export function tpeDefaultsFor(objectives: number, parity = false): TpeOptions {
  if (objectives === 1) return parity ? tpeParity : tpeDefaults;
  return parity ? { ...tpeParity, multivariate: false } : { ...tpeDefaults, smoothing: 0.1 };
}
