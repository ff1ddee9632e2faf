export type { Append, Owner, Store, StudyRow, TrialRow } from './store.ts';
