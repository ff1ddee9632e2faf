export {
  boolean,
  choice,
  constant,
  float,
  int,
  ordinal,
  type ParamsOf,
  type Space,
  type Tunable,
} from './library/parameter.ts';
export {
  tune,
  type FunctionResult,
  type FunctionStudy,
  type TuneResult,
  type Tuning,
} from './library/tune.ts';
export { openStudy, type AskedTrial, type OpenStudy } from './library/open-study.ts';
export type { PlaceOptions, StudyOptions } from './library/study-options.ts';
export { FleetuneError, type ErrorInfo, type StudyEvent, type StudyStatus } from '@fleetune/core';
export type { TrialContext } from '@fleetune/worker';
