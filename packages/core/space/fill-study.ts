import {
  cmaEsDefaults,
  differentialEvolutionDefaults,
  nsgaDefaults,
  regularizedEvolutionDefaults,
} from './evolution-options.ts';
import { parseDuration } from './duration.ts';
import { leastInterval } from './median-interval.ts';
import { neededMetrics, objectivesOf } from './goal-check.ts';
import { parseOutcomeConstraint } from './outcome-constraint.ts';
import { readParameter } from './read-space.ts';
import type { StudyContext } from './read-study.ts';
import type {
  Budget,
  EnvValue,
  Fidelity,
  MetricsSpec,
  Objective,
  SamplerSpec,
  SchedulerSpec,
  StudySpec,
} from './study-spec.ts';
import { tpeDefaultsFor, type TpeOptions } from './tpe-options.ts';

type TpeFile = Partial<TpeOptions> & { parity?: boolean };
type MedianFile = Partial<Extract<SchedulerSpec, { type: 'median' }>>;
type Scalar = string | number | boolean;

/** A study file that has passed its schema: what people may leave out or abbreviate is still so. */
export interface StudyFile {
  name?: string;
  /** Or `objectives`. */
  objective?: Objective;
  objectives?: Objective[];
  outcomeConstraints?: string[];
  space: Record<string, Record<string, unknown>>;
  constraints?: string[];
  fidelity?: { metric: string; min?: number; max: number };
  sampler?:
    | SamplerSpec['type']
    | { type: 'auto' | 'random' | 'sobol' }
    | { type: 'grid'; counts?: Record<string, number> }
    | ({ type: 'tpe' } & TpeFile)
    | ({ type: 'cma-es' } & Partial<CmaEs>)
    | { type: 'nsga'; population?: number; crossover?: number }
    | { type: 'regularized-evolution'; population?: number; sample?: number }
    | { type: 'differential-evolution'; population?: number };
  scheduler?:
    | SchedulerSpec['type']
    | { type: 'fifo' }
    | { type: 'asha'; eta?: number }
    | { type: 'median'; startup?: number; warmup?: number; interval?: number };
  budget?: { trials?: number; time?: string; target?: number };
  setup?: Scalar[][];
  command?: (Scalar | Scalar[])[] | string;
  metrics?: 'stdout-json' | { regex: Record<string, string> } | { file: string };
  keep?: string[];
  env?: Record<string, Scalar | { from: 'file' | 'env'; name?: string }>;
  resources?: { cpus?: number; gpus?: number; memory?: string };
  engine?: 'local' | { type: 'local'; slots?: number };
  limits?: { trial?: string; silence?: string; grace?: string };
  retries?: number | Partial<StudySpec['retries']>;
  invalidMetric?: NonNullable<StudySpec['invalidMetric']>;
  seed?: number;
  reproducible?: boolean;
}

/** A study without trials and time in its budget would never end. */
const defaultTrials = 100;

export function fillStudy(file: StudyFile, context: StudyContext): StudySpec {
  const { fidelity, command, retries = {}, engine = 'local' } = file;
  const objectives = objectivesOf(file).map(({ metric, direction }) => ({ metric, direction }));
  const outcomeConstraints = (file.outcomeConstraints ?? []).map(parseOutcomeConstraint);
  return {
    name: file.name ?? context.name!,
    objective: objectives[0]!,
    ...(objectives.length > 1 && { objectives }),
    ...(outcomeConstraints.length > 0 && { outcomeConstraints }),
    space: Object.entries(file.space).map(([name, raw]) => readParameter(name, raw)),
    constraints: file.constraints ?? [],
    ...(fidelity !== undefined && {
      fidelity: fidelityOf(fidelity),
    }),
    sampler: samplerOf(file.sampler, objectives.length),
    scheduler: schedulerOf(file),
    budget: budgetOf(file.budget),
    setup: (file.setup ?? []).map((line) => line.map(String)),
    ...(command !== undefined && {
      command:
        typeof command === 'string'
          ? command
          : command.map((part) => (Array.isArray(part) ? part.map(String) : String(part))),
    }),
    cwd: context.cwd,
    env: envOf(file.env),
    metrics: metricsOf(file.metrics),
    extraMetrics: extraMetricsOf(file),
    resources: resourcesOf(file.resources),
    engine: { type: 'local', slots: (typeof engine === 'object' ? engine.slots : undefined) ?? 1 },
    limits: limitsOf(file.limits),
    retries: typeof retries === 'number' ? { crashed: retries } : { crashed: 2, ...retries },
    ...(file.invalidMetric !== undefined && { invalidMetric: file.invalidMetric }),
    seed: file.seed ?? context.seed,
    reproducible: file.reproducible ?? false,
  };
}

function samplerOf(given: StudyFile['sampler'] = 'auto', objectives: number): SamplerSpec {
  const sampler = typeof given === 'string' ? { type: given } : given;
  switch (sampler.type) {
    case 'grid':
      return { type: 'grid', counts: 'counts' in sampler ? (sampler.counts ?? {}) : {} };
    case 'tpe': {
      const { parity = false, ...given } = sampler as TpeFile;
      return { ...tpeDefaultsFor(objectives, parity), ...given, type: 'tpe' };
    }
    case 'cma-es':
      return { ...cmaEsDefaults, ...(sampler as Partial<CmaEs>), type: 'cma-es' };
    case 'nsga':
      return { ...nsgaDefaults, ...sampler, type: 'nsga' };
    case 'regularized-evolution':
      return { ...regularizedEvolutionDefaults, ...sampler, type: 'regularized-evolution' };
    case 'differential-evolution':
      return { ...differentialEvolutionDefaults, ...sampler, type: 'differential-evolution' };
    default:
      return { type: sampler.type };
  }
}

type CmaEs = Extract<SamplerSpec, { type: 'cma-es' }>;

function schedulerOf({ scheduler: given, fidelity, objectives }: StudyFile): SchedulerSpec {
  const fallback = fidelity === undefined || objectives !== undefined ? 'fifo' : 'asha';
  const scheduler = typeof given === 'object' ? given : { type: given ?? fallback };
  switch (scheduler.type) {
    case 'fifo':
      return { type: 'fifo' };
    case 'asha':
      return { type: 'asha', eta: ('eta' in scheduler ? scheduler.eta : undefined) ?? 3 };
    case 'median': {
      const { startup = 5, warmup = 0, interval } = scheduler as MedianFile;
      // Optuna's constants.
      const usual = Math.max(1, leastInterval(warmup, fidelityOf(fidelity!)));
      return { type: 'median', startup, warmup, interval: interval ?? usual };
    }
  }
}

function fidelityOf({ metric, min, max }: NonNullable<StudyFile['fidelity']>): Fidelity {
  return { metric, min: min ?? 1, max };
}

function budgetOf({ trials, time, target }: NonNullable<StudyFile['budget']> = {}): Budget {
  const endless = trials === undefined && time === undefined;
  const count = endless ? defaultTrials : trials;
  return {
    ...(count !== undefined && { trials: count }),
    ...(time !== undefined && { timeMs: parseDuration(time)! }),
    ...(target !== undefined && { target }),
  };
}

function envOf(env: StudyFile['env'] = {}): Record<string, EnvValue> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      typeof value === 'object' ? { from: value.from, name: value.name ?? name } : String(value),
    ]),
  );
}

function metricsOf(metrics: StudyFile['metrics'] = 'stdout-json'): MetricsSpec {
  if (typeof metrics === 'string') return { from: metrics };
  if ('regex' in metrics) return { from: 'regex', patterns: metrics.regex };
  return { from: 'file', path: metrics.file };
}

function extraMetricsOf(file: StudyFile): string[] {
  const { keep = [], metrics, fidelity } = file;
  const named = typeof metrics === 'object' && 'regex' in metrics ? Object.keys(metrics.regex) : [];
  const [objective, ...needed] = neededMetrics(file);
  const all = new Set([...needed, ...keep, ...named]);
  all.delete(objective!);
  if (fidelity !== undefined) all.delete(fidelity.metric);
  return [...all];
}

function resourcesOf(resources: StudyFile['resources'] = {}): StudySpec['resources'] {
  const { cpus = 1, gpus = 0, memory } = resources;
  return { cpus, gpus, ...(memory !== undefined && { memoryMb: megabytes(memory) }) };
}

const unitMb = { MB: 1, MiB: 1.048576, GB: 1000, GiB: 1073.741824 };

function megabytes(text: string): number {
  const [, amount, unit] = /^([\d.]+)(.+)$/.exec(text)!;
  return Math.round(Number(amount) * unitMb[unit as keyof typeof unitMb]);
}

function limitsOf({ trial, silence, grace }: NonNullable<StudyFile['limits']> = {}) {
  return {
    ...(trial !== undefined && { trialMs: parseDuration(trial)! }),
    ...(silence !== undefined && { silenceMs: parseDuration(silence)! }),
    graceMs: parseDuration(grace ?? '10s')!,
  };
}
