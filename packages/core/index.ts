export * from './errors/index.ts';
export type * from './space/study-spec.ts';
export { searchSpace, type SearchSpace } from './space/search-space.ts';
export { readStudy, type StudyContext } from './space/read-study.ts';
export {
  cmaEsDefaults,
  differentialEvolutionDefaults,
  nsgaDefaults,
  regularizedEvolutionDefaults,
} from './space/evolution-options.ts';
export { tpeDefaults, tpeDefaultsFor, tpeParity, type TpeOptions } from './space/tpe-options.ts';
export { studyFileSchema } from './space/study-file-schema.ts';
export type { Schema, SchemaType } from './space/schema.ts';
export { acceptanceRate } from './space/lawful.ts';
export {
  unnamedParams,
  fillCommand,
  shellQuote,
  type FilledCommand,
} from './space/fill-command.ts';
export { formatDuration, parseDuration } from './space/duration.ts';
export { nearest } from './space/nearest.ts';
export { outcomeConstraintText } from './space/outcome-constraint.ts';
export { paretoFront } from './numerics/dominance.ts';
export type * from './sampler/sampler.ts';
export { createSampler, type SamplerMaker } from './sampler/create-sampler.ts';
export { gridSize } from './sampler/grid/grid-size.ts';
export { hypervolume } from './numerics/hypervolume.ts';
export { randomStream, type RandomStream } from './numerics/random-stream.ts';
export type { Arrival, Decision, Reason, Scheduler } from './scheduler/scheduler.ts';
export type * from './study/event.ts';
export { attemptEnds, trialStates } from './study/event.ts';
export type { NextWork, StudyCommand, Outcome as CommandOutcome } from './study/command.ts';
export type * from './analysis/status.ts';
export { decide } from './study/decide.ts';
export { lastWordUs } from './study/decide-worker.ts';
export { evolve } from './study/evolve.ts';
export { aboutTrial } from './study/about-trial.ts';
export { replay } from './study/replay.ts';
export { budgetEndsAt, nextWork } from './study/next-work.ts';
export { whyWaiting } from './study/why-waiting.ts';
export { mustReturn, reserves, type Reserve } from './study/reserves.ts';
export { samplerChange, samplerHistory } from './study/sampler-history.ts';
export {
  changedLines,
  fromSnapshot,
  type LineText,
  snapshotLine,
  snapshotLines,
  toSnapshot,
} from './study/snapshot.ts';
export { touchedTrials } from './study/touched-trials.ts';
export {
  emptyStudy,
  type AttemptRecord,
  type StudyState,
  type TrialRecord,
} from './study/state.ts';
export { addGap, gapsUpTo, newGapHistogram, type GapHistogram } from './study/gap-histogram.ts';
export { toWire } from './study/wire-number.ts';
export { incumbentOf } from './analysis/incumbent.ts';
export { studyStatus } from './analysis/study-status.ts';
export { expectedLadder } from './analysis/expected-ladder.ts';
export { predictedMs, usualLength, type UsualLength } from './analysis/trial-length.ts';
export { utilization, type LiveWorker } from './analysis/utilization.ts';
export { utilizationAdvice } from './analysis/utilization-advice.ts';
