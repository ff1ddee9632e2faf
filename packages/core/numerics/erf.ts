// The error function and its complements by W. J. Cody's rational minimax approximations: "Rational
// Chebyshev approximations for the error function", Math. Comp. 23 (1969) 631–637, tables II and
// III.
//
//   erf(x)   = 2/sqrt(pi) ∫_0^x exp(−t²) dt      all x
//   erfc(x)  = 1 − erf(x)                         all x; relative accuracy kept to 26.5, 0 beyond 27.3
//   erfcx(x) = exp(x²) erfc(x)                    all x; Infinity below −26.63
//
// Rational approximations on each of the three intervals |x| ≤ 0.46875 < … ≤ 4 < …. Relative error,
// measured against 50 digits: erf, erfcx and erfc below 1e-15.

const inverseSqrtPi = 0.5641895835477563;

export function erf(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return erfNearZero(x);
  const rest = 1 - scaledGauss(y) * erfcx(y);
  return x < 0 ? -rest : rest;
}

export function erfc(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return 1 - erfNearZero(x);
  const tail = scaledGauss(y) * erfcx(y);
  return x < 0 ? 2 - tail : tail;
}

export function erfcx(x: number): number {
  // erfc(x) = 2 − erfc(−x)
  if (x < -0.46875) return 2 / scaledGauss(-x) - erfcx(-x);
  if (x <= 0.46875) return Math.exp(x * x) * (1 - erfNearZero(x));
  if (x <= 4) return middleP(x) / middleQ(x);
  if (x > 1e8) return inverseSqrtPi / x;
  const z = 1 / (x * x);
  return (inverseSqrtPi - (z * farP(z)) / farQ(z)) / x;
}

function erfNearZero(x: number): number {
  const z = x * x;
  return (x * nearP(z)) / nearQ(z);
}

/**
 * exp(−y²), with y² split so that the rounding of a large square is not magnified (Cody's own
 * device).
 */
function scaledGauss(y: number): number {
  if (y > 27.3) return 0;
  const coarse = Math.trunc(y * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(y - coarse) * (y + coarse));
}

// Cody's numerators and denominators by Horner's rule; constants in the code need no look-up.

function nearP(x: number): number {
  return (
    (((0.185777706184603153 * x + 3.1611237438705656) * x + 113.864154151050156) * x +
      377.485237685302021) *
      x +
    3209.37758913846947
  );
}

function nearQ(x: number): number {
  return (
    (((x + 23.6012909523441209) * x + 244.024637934444173) * x + 1282.61652607737228) * x +
    2844.23683343917062
  );
}

function middleP(x: number): number {
  return (
    (((((((2.15311535474403846e-8 * x + 0.564188496988670089) * x + 8.88314979438837594) * x +
      66.1191906371416295) *
      x +
      298.635138197400131) *
      x +
      881.95222124176909) *
      x +
      1712.04761263407058) *
      x +
      2051.07837782607147) *
      x +
    1230.33935479799725
  );
}

function middleQ(x: number): number {
  return (
    (((((((x + 15.7449261107098347) * x + 117.693950891312499) * x + 537.181101862009858) * x +
      1621.38957456669019) *
      x +
      3290.79923573345963) *
      x +
      4362.61909014324716) *
      x +
      3439.36767414372164) *
      x +
    1230.33935480374942
  );
}

function farP(x: number): number {
  return (
    ((((1.63153871373020978e-2 * x + 0.305326634961232344) * x + 0.360344899949804439) * x +
      0.125781726111229246) *
      x +
      1.60837851487422766e-2) *
      x +
    6.58749161529837803e-4
  );
}

function farQ(x: number): number {
  return (
    ((((x + 2.56852019228982242) * x + 1.87295284992346047) * x + 0.527905102951428412) * x +
      6.05183413124413191e-2) *
      x +
    2.33520497626869185e-3
  );
}
