import type { EncodedAppend } from './rows.ts';
import { encodeLine } from './snapshot-rows.ts';
import type { Statements } from './statements.ts';

/**
 * Writes the appends inside a transaction: every event, and each changed row once, in its last form. An append that
 * does not follow on from the log is a bug of its caller: it is left out, and the answer has the reason in its place.
 */
export function writeAppends(sql: Statements, appends: EncodedAppend[]): (Error | undefined)[] {
  const refused: (Error | undefined)[] = [];
  const lastEvents = new Map<number, number>();
  const studies = new Map<number, EncodedAppend>();
  const trials = new Map<string, EncodedAppend['trials'][number]>();
  for (const [index, append] of appends.entries()) {
    const { study, firstId, events } = append;
    const last = lastEvents.get(study) ?? storedLastEvent(sql, study);
    if (last === undefined || firstId !== last + 1 || append.lastEvent !== last + events.length) {
      refused[index] = new Error(`event ${firstId} of study ${study} does not follow ${last}`);
      continue;
    }
    for (const event of events) sql.insertEvent.run(...event);
    lastEvents.set(study, append.lastEvent);
    studies.set(study, append);
    if (append.spec !== undefined) sql.updateSpec.run(append.spec, study);
    for (const trial of append.trials) trials.set(`${study}/${trial.number}`, trial);
    for (const line of append.snapshot) {
      sql.writeSnapshot.run(study, ...encodeLine(line, append.lastEvent));
    }
  }
  for (const append of studies.values()) sql.updateStudy.run(...append.row);
  for (const trial of trials.values()) sql.upsertTrial.run(...trial.values);
  return refused;
}

function storedLastEvent(sql: Statements, study: number): number | undefined {
  return sql.lastEvent.get(study)?.['last_event'] as number | undefined;
}
