const commands = 'check|replay|run|serve|simulate|study|submit|trial|worker';
const ours = new RegExp(`(?<![\\w./-])fleetune (?=(?:${commands})\\b)`, 'g');

/** Commands in `text` the way this one was called: in a checkout, `fleetune run` is `./fleetune run`, ready to be copied. */
export function asTyped(text: string, program: string): string {
  return text.replace(ours, () => `${program} `);
}

/** The word for the shell. */
export function programWord(invoked: string | undefined): string {
  if (invoked === undefined || invoked === '') return 'fleetune';
  return /^[\w./+-]+$/.test(invoked) ? invoked : `'${invoked.replaceAll("'", "'\\''")}'`;
}
