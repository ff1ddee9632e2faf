import type { StudyEvent } from './event.ts';

/** What the event says of the trial, without the reports of others; undefined when it says nothing. */
export function aboutTrial(event: StudyEvent, trial: number): StudyEvent | undefined {
  if (event.kind !== 'reports')
    return 'trial' in event && event.trial === trial ? event : undefined;
  const items = event.items.filter((item) => item.trial === trial);
  return items.length === 0 ? undefined : { ...event, items };
}
