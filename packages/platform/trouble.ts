// Where the simulator makes rare but lawful things happen, and hears that rare branches were reached. Outside of a
// simulation nobody listens: `trouble` is false, and `mark` does nothing.

/** What may happen at any time, and nearly never does. The comment says what then happens. */
export type TroublePoint =
  /** The answer to a worker's request has arrived, and is lost after all: the request is sent again. */
  | 'answer-lost'
  /** An exchange carries a few numbers, the rest follows in others. */
  | 'batch-small'
  /** A reserve is given back as soon as it has come. */
  | 'reserve-returned'
  /** A long poll is answered at once, with nothing to say. */
  | 'poll-cut-short'
  /** A reserve is recalled as soon as it is handed out. */
  | 'reserve-recalled'
  /** The coordinator gives up a worker that has just spoken. */
  | 'worker-forgotten'
  /** A snapshot is written with these events. */
  | 'snapshot-early'
  /** Suggestions are found too dear to be made in the coordinator's thread. */
  | 'suggestion-dear';

/** Branches that are rarely taken: a test proves that the simulator takes each of them. */
export type Mark =
  // The coordinator, on its way between a worker and the log.
  | 'answer-repeated'
  | 'exchange-overtaken'
  | 'exchange-superseded'
  | 'registration-late'
  | 'registration-replaces'
  | 'worker-gone-during-commit'
  | 'lease-expired'
  | 'lease-stalled'
  | 'end-told-again'
  | 'fact-stale'
  | 'committed-unanswered'
  | 'assignment-again'
  | 'news-during-commit'
  | 'reserve-for-idle-slot'
  | 'worker-restored'
  | 'run-over'
  | 'killed-run-closed'
  | 'commit-failed'
  // Its suggestions.
  | 'advisor-moved'
  | 'advisor-fallback'
  | 'advisor-waits'
  | 'advisor-outdated'
  | 'thinker-died'
  // The worker.
  | 'registration-superseded'
  | 'registered-again'
  | 'answer-of-earlier-registration'
  | 'poll-overtaken'
  | 'goodbye-unheard'
  | 'attempt-known'
  | 'reserve-began'
  | 'reserve-given-back'
  | 'attempt-dropped';

export interface TroubleListener {
  /** Whether it happens now. */
  trouble(point: TroublePoint): boolean;
  mark(mark: Mark): void;
}

/** Nobody, but in a simulation (testing/listen-for-trouble.ts). */
export const seam: { listener: TroubleListener | undefined } = { listener: undefined };

export function trouble(point: TroublePoint): boolean {
  return seam.listener !== undefined && seam.listener.trouble(point);
}

export function mark(reached: Mark): void {
  if (seam.listener !== undefined) seam.listener.mark(reached);
}
