/** Sees to it that no process of a trial outlives the trial or the worker. */
export interface Guard {
  started(group: number, mark: string): void;
  /** The trial is over: what is left of its group, if that is known, and whatever carries its mark is killed soon. */
  ended(group: number | undefined, mark: string): void;
  close(): Promise<void>;
}
