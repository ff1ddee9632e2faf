export { memoryStore } from './memory-store.ts';
export { isLiving } from './ownership.ts';
export { sqliteStore } from './sqlite/sqlite-store.ts';
export type { Append, Owner, Store, StudyRow, TrialRow } from './store.ts';
