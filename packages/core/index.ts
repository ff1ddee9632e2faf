export * from './errors/index.ts';
export type * from './space/study-spec.ts';
export type * from './space/search-space.ts';
export type * from './sampler/sampler.ts';
export type { Decision, Reason, Scheduler } from './scheduler/scheduler.ts';
export type * from './study/event.ts';
export type { NextWork, StudyCommand, Outcome as CommandOutcome } from './study/command.ts';
export type * from './analysis/status.ts';
