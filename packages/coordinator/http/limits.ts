// What one client can make the server hold. Everything that is refused here has a row in the table of errors.

/** Ten thousand reports of a hundred metrics fit many times over; a study file is a thousandth of it. */
export const BODY_BYTES = 8 * 1024 * 1024;

/** A worker's headers are 200 bytes; Node's own limit, said here since people rely on it. */
export const HEADER_BYTES = 16 * 1024;

/** A name that is too long is refused by its schema, like any other value: the router must let it through. */
export const PARAM_CHARACTERS = 16 * 1024;

/** Headers come in one packet; who sends them byte by byte holds a connection that others need. */
export const HEADERS_TIMEOUT_MS = 10_000;

/** The largest body over a slow line (8 MiB at 280 kB/s); a long poll has sent its body long before it waits. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** How often the two above are looked after. */
export const TIMEOUT_CHECK_MS = 1000;

/** Longer than the five seconds between a worker's exchanges, so that it never meets a connection that just closes. */
export const KEEP_ALIVE_MS = 75_000;

/** An idle connection costs some 10 kB: 200 MB of a coordinator that is attacked, a tenth of that with 1,000 workers. */
export const CONNECTIONS = 20_000;
