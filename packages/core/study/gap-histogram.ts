// Durations in buckets of equal relative width, by integer arithmetic alone (a replay must not
// depend on a logarithm's last bit). Microseconds below 64 are exact; above, each power of two has
// 32 buckets, so that a percentile is known to within 1.6 % (half a bucket).

const EXACT = 64;
const PER_OCTAVE = 32;

export interface GapHistogram {
  /** Count by bucket; missing ones are 0. */
  buckets: number[];
  count: number;
  maxUs: number;
}

export function newGapHistogram(): GapHistogram {
  return { buckets: [], count: 0, maxUs: 0 };
}

export function addGap(histogram: GapHistogram, gapUs: number): void {
  const bucket = bucketOf(gapUs);
  while (histogram.buckets.length <= bucket) histogram.buckets.push(0);
  histogram.buckets[bucket]! += 1;
  histogram.count += 1;
  histogram.maxUs = Math.max(histogram.maxUs, gapUs);
}

/**
 * The middle of the bucket that holds the quantile, never above the largest gap seen; 0 without
 * gaps.
 */
export function gapQuantileUs(histogram: GapHistogram, quantile: number): number {
  let rank = Math.max(1, Math.ceil(quantile * histogram.count));
  for (let bucket = 0; bucket < histogram.buckets.length; bucket++) {
    rank -= histogram.buckets[bucket]!;
    if (rank <= 0) return Math.min(middleOf(bucket), histogram.maxUs);
  }
  return histogram.maxUs;
}

/**
 * How many gaps were at most each bound, and their sum, both as far as the buckets tell: each gap counts as the middle
 * of its bucket.
 */
export function gapsUpTo(
  { buckets }: GapHistogram,
  boundsUs: readonly number[],
): { counts: number[]; sumUs: number } {
  const counts = boundsUs.map(() => 0);
  let sumUs = 0;
  buckets.forEach((count, bucket) => {
    const us = middleOf(bucket);
    sumUs += count * us;
    boundsUs.forEach((bound, i) => {
      if (us <= bound) counts[i]! += count;
    });
  });
  return { counts, sumUs };
}

function bucketOf(us: number): number {
  if (us < EXACT) return us;
  let octave = 0;
  let top = us;
  while (top >= 2 ** 31) {
    top = Math.floor(top / 2);
    octave += 1;
  }
  const shift = 26 - Math.clz32(top);
  octave += shift;
  top >>= shift;
  // `top` is now in [32, 64): its place in the octave.
  return EXACT + (octave - 1) * PER_OCTAVE + (top - PER_OCTAVE);
}

function middleOf(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const octave = Math.floor((bucket - EXACT) / PER_OCTAVE) + 1;
  const top = ((bucket - EXACT) % PER_OCTAVE) + PER_OCTAVE;
  return (top + 0.5) * 2 ** octave;
}
