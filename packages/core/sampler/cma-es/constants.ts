// What CMA-ES derives from the number of dimensions and of samples.
// Hansen: "The CMA evolution strategy: a tutorial", arXiv 1604.00772, table 1.
//
//   symbol          meaning
//   n, λ            dimensions of the normal distribution; samples of a generation
//   μ, μ_eff        samples with a positive weight; how many samples of equal weight they are worth
//   c_σ, d_σ        of the step size: memory of the path, damping
//   c_c, c_1, c_μ   of the covariance: memory of the path, learning rates
//   χ_n             E‖N(0, I)‖

export interface Constants {
  /** By rank: the positive ones sum to 1. */
  readonly weights: Float64Array;
  readonly mu: number;
  readonly muEff: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cC: number;
  readonly c1: number;
  readonly cMu: number;
  readonly chi: number;
}

/** λ = 4 + ⌊3 ln N⌋ (eq. 48), N counting choices too. */
export function defaultPopulation(dimensions: number): number {
  return 4 + Math.floor(3 * Math.log(Math.max(1, dimensions)));
}

/** `diagonal`: only variances are learnt, which goes faster (Ros & Hansen, PPSN 2008, eq. 2). */
export function constantsOf(n: number, lambda: number, diagonal: boolean): Constants {
  const raw = Float64Array.from({ length: lambda }, (_, i) => {
    return Math.log((lambda + 1) / 2) - Math.log(i + 1);
  });
  const mu = Math.floor(lambda / 2);
  const muEff = effective(raw.subarray(0, mu));
  const muEffMinus = effective(raw.subarray(mu));
  const faster = diagonal ? (n + 2) / 3 : 1;
  const c1 = Math.min(0.5, (faster * 2) / ((n + 1.3) ** 2 + muEff));
  const cMu = Math.min(
    1 - c1 - 1e-8,
    (faster * 2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff),
  );
  const alpha =
    n === 0
      ? 0
      : Math.min(1 + c1 / cMu, 1 + (2 * muEffMinus) / (muEff + 2), (1 - c1 - cMu) / (n * cMu));
  const positive = raw.reduce((sum, w) => sum + Math.max(0, w), 0);
  const negative = raw.reduce((sum, w) => sum - Math.min(0, w), 0);
  const cSigma = (muEff + 2) / (n + muEff + 5);
  return {
    weights: raw.map((w) => (w >= 0 ? w / positive : (alpha * w) / negative)),
    mu,
    muEff,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    cC: n === 0 ? 1 : (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    c1,
    cMu,
    chi: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** (Σ w)² / Σ w². */
function effective(weights: Float64Array): number {
  const sum = weights.reduce((total, w) => total + w, 0);
  const squares = weights.reduce((total, w) => total + w * w, 0);
  return squares === 0 ? 0 : (sum * sum) / squares;
}
