import { FleetuneError, readStudy, type Objective, type StudySpec } from '@fleetune/core';
import { systemRandom } from '@fleetune/platform/node';
import type { Space } from './parameter.ts';

/** The keys of the study file (docs/study-file.md), with a typed space. */
export interface StudyOptions<S extends Space> {
  name: string;
  space: S;
  /** Or `objectives`. */
  objective?: Objective;
  objectives?: readonly Objective[];
  /** Such as `latency_ms <= 20`. */
  outcomeConstraints?: readonly string[];
  constraints?: readonly string[];
  fidelity?: { metric: string; min: number; max: number };
  sampler?: string | { type: string; [option: string]: unknown };
  scheduler?: string | { type: string; [option: string]: unknown };
  budget?: { trials?: number; time?: string; target?: number };
  /** Further metrics to keep beside the objective. */
  keep?: readonly string[];
  limits?: { trial?: string };
  retries?: number;
  seed?: number;
  reproducible?: boolean;
}

/** Where and how wide a study runs. */
export interface PlaceOptions {
  /** The SQLite file; `:memory:` keeps nothing. Default: `fleetune.db` in the current folder. */
  database?: string;
  /** Trials at a time. Default: 1. */
  slots?: number;
  /** Go on when the first three trials all crash. */
  keepGoing?: boolean;
  /** Aborting it drains the study; the same call takes it up again. */
  signal?: AbortSignal;
}

/** Throws the first thing wrong in the options, placed as in a study file. */
export function specOf<S extends Space>(options: StudyOptions<S>, slots: number): StudySpec {
  const space = Object.fromEntries(
    Object.entries(options.space).map(([name, parameter]) => [name, parameter.file]),
  );
  const { seed = systemRandom.seed(), ...rest } = options;
  const raw = { ...rest, space, engine: { type: 'local', slots } };
  const read = readStudy(raw, { cwd: process.cwd(), seed, withoutCommand: true });
  if ('errors' in read) throw new FleetuneError(read.errors[0]!);
  return read.spec;
}
