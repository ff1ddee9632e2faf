import type { Logger } from '../ports.ts';

/** One line per message on standard error; `debug` only with FLEETUNE_DEBUG set. */
export const plainLogger: Logger = {
  debug: (message, data) => process.env['FLEETUNE_DEBUG'] && write('debug', message, data),
  info: (message, data) => write('info', message, data),
  warn: (message, data) => write('warn', message, data),
  error: (message, data) => write('error', message, data),
};

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function write(level: string, message: string, data: object | undefined): void {
  const details = data === undefined ? '' : ` ${JSON.stringify(data)}`;
  process.stderr.write(`${level}: ${message}${details}\n`);
}
