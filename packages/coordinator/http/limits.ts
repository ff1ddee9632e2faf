// What one client can make the server hold. What is refused for it has a row in the table of errors.

export interface Limits {
  bodyBytes: number;
  headerBytes: number;
  /** Of one part of a path; the schemas refuse what is too long to be a name, and say so. */
  paramCharacters: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  /** How often the two above are looked after. */
  timeoutCheckMs: number;
  keepAliveMs: number;
  connections: number;
}

export const LIMITS: Limits = {
  /** Ten thousand reports of a hundred metrics fit; a study file is a thousandth of it. */
  bodyBytes: 8 * 1024 * 1024,
  /** A worker's headers are 200 bytes; Node's own limit, said here since people rely on it. */
  headerBytes: 16 * 1024,
  paramCharacters: 16 * 1024,
  /** Headers come in one packet; who sends them byte by byte holds a connection that others need. */
  headersTimeoutMs: 10_000,
  /** The largest body over a slow line of 280 kB/s. A long poll has sent its body long before it waits. */
  requestTimeoutMs: 30_000,
  timeoutCheckMs: 1000,
  /** Longer than the five seconds between a worker's exchanges, so that none meets a connection that just closes. */
  keepAliveMs: 75_000,
  /** An idle one costs some 10 kB: at most 200 MB in an attack, a twentieth of it with 1,000 workers. */
  connections: 20_000,
};
