export { loadStudy } from './load-study.ts';
export { memoryStore } from './memory-store.ts';
export { isLiving } from './ownership.ts';
export { sqliteStore } from './sqlite/sqlite-store.ts';
export { guarded } from './sqlite/store-error.ts';
export type { Append, Owner, SnapshotLine, Store, StudyRow, TrialRow } from './store.ts';
