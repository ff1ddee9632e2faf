// The study file after parsing and checking: plain JSON with every default filled in, so that it can
// be stored in the log, compared and sent. Keys are those of the study file (DESIGN §9).

import type { TpeOptions } from './tpe-options.ts';

/** A value of a parameter: what the user's program sees. */
export type ParamValue = number | string | boolean | null;

/** The values of one trial: active parameters only, in the order of the space. */
export type Params = Record<string, ParamValue>;

/** `{solver: 'sgd'}`, `{solver: ['sgd', 'adam']}`, `{layers: {min: 2, max: 4}}`; several keys are AND. */
export type When = Record<string, ParamValue | ParamValue[] | { min?: number; max?: number }>;

interface Common {
  name: string;
  /** Absent: always active. */
  when?: When;
}

export type Parameter =
  | (Common & {
      type: 'float';
      low: number;
      high: number;
      log: boolean;
      /** Values are low + k·step. */
      step?: number;
      default?: number;
      prior?: { mean: number; sd: number };
    })
  | (Common & {
      type: 'int';
      low: number;
      high: number;
      log: boolean;
      step: number;
      default?: number;
      prior?: { mean: number; sd: number };
    })
  | (Common & {
      type: 'categorical' | 'ordinal';
      choices: ParamValue[];
      default?: ParamValue;
      prior?: { weights: number[] };
    })
  | (Common & { type: 'boolean'; default?: boolean; prior?: { weights: number[] } })
  | (Common & { type: 'constant'; value: ParamValue });

export interface Objective {
  metric: string;
  direction: 'minimize' | 'maximize';
}

/** A bound on a metric of a trial: `latency_ms <= 20`. */
export interface OutcomeConstraint {
  metric: string;
  is: 'at-most' | 'at-least';
  bound: number;
}

export interface Fidelity {
  /** The key of the step in reports, e.g. `epoch`. */
  metric: string;
  min: number;
  max: number;
}

export interface Budget {
  trials?: number;
  /** Running time of the study, summed over runs. */
  timeMs?: number;
  /** Stop when an incumbent at full fidelity reaches it, in the objective's own direction. */
  target?: number;
}

export type SamplerSpec =
  | { type: 'auto' }
  | { type: 'random' }
  | { type: 'sobol' }
  | { type: 'grid'; counts: Record<string, number> }
  | ({ type: 'tpe' } & TpeOptions)
  | {
      type: 'cma-es';
      /** Absent: by the number of parameters. */
      population?: number;
      width: number;
      noisy: boolean;
      restarts: 'bipop' | 'ipop';
    }
  | { type: 'nsga'; population: number; crossover: number }
  | { type: 'regularized-evolution'; population: number; sample: number }
  | { type: 'differential-evolution'; population: number };

export type SchedulerSpec =
  | { type: 'fifo' }
  | { type: 'asha'; eta: number }
  | { type: 'median'; startup: number; warmup: number; interval: number };

/** One argument, or a group that is left out when a parameter in it is inactive. */
export type CommandPart = string | string[];

export type MetricsSpec =
  | { from: 'stdout-json' }
  | { from: 'regex'; patterns: Record<string, string> }
  | { from: 'file'; path: string };

export type EnvValue = string | { from: 'file' | 'env'; name: string };

export interface StudySpec {
  name: string;
  /** The first one, where there are several. */
  objective: Objective;
  /** All of several; absent with one. */
  objectives?: Objective[];
  /** A trial that breaks one of them is infeasible. */
  outcomeConstraints?: OutcomeConstraint[];
  space: Parameter[];
  /** Source text of each constraint, e.g. `units <= 4096 * lr + 256`. */
  constraints: string[];
  fidelity?: Fidelity;
  sampler: SamplerSpec;
  scheduler: SchedulerSpec;
  budget: Budget;
  setup: string[][];
  /** An array is an argv template; one string goes through a shell. Absent for studies of functions and of ask/tell. */
  command?: CommandPart[] | string;
  /** The folder that `command`, `setup` and relative paths start from; filled in by the edge that read the file. */
  cwd: string;
  env: Record<string, EnvValue>;
  metrics: MetricsSpec;
  /** Further metrics to keep beside the objective. */
  extraMetrics: string[];
  resources: { cpus: number; gpus: number; memoryMb?: number };
  engine: { type: 'local'; slots: number };
  limits: { trialMs?: number; silenceMs?: number; graceMs: number };
  /** How often a trial is tried again after an attempt that ended so; absent: never. */
  retries: { crashed: number; 'timed-out'?: number; 'invalid-metric'?: number };
  /** What a trial is whose objective is not a number, or infinitely good; absent: fail. */
  invalidMetric?: 'fail' | 'infeasible' | 'worst';
  seed: number;
  /** True: `ask` always waits for the fresh suggestion (DESIGN §6). */
  reproducible: boolean;
}
