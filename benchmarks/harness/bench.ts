export interface Measured {
  case: string;
  /** The median of `runs` interleaved runs, like the peers' values. */
  value: number;
  unit: string;
  better: 'lower' | 'higher';
  /** Absent: shown beside a figure that has one. */
  goal?: number;
  peers?: Record<string, number>;
  /** The same of a bare loop, or of a bare server that does one write and sync: what the machine itself allows. */
  floor?: number;
  runs: number;
}

export interface BenchOptions {
  /** For a bench that may go on for as long as people like. */
  minutes?: number | undefined;
}

/** One file of benchmarks/: a figure that the pages claim, as a command. */
export interface Bench {
  summary: string;
  /** It takes so long that it runs only when named. */
  minutes?: number;
  run(options: BenchOptions): AsyncIterable<Measured>;
}
