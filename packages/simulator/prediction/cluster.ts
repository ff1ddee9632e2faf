/** Workers that may not exist yet. */
export interface Cluster {
  workers: number;
  /** Of each worker. */
  slots: number;
  /** How many deaths a worker has in an hour, on average. */
  deathsPerHour: number;
}
