import type { StudyState } from '@fleetune/core';
import type { ExchangeRequest, ExchangeResponse } from '@fleetune/protocol';

/** What workers were told has been taken: promise 1 is that none of it is lost. */
export interface Acknowledged {
  take(request: ExchangeRequest, response: ExchangeResponse): void;
  /** What of it the log lacks. */
  missing(study: string, state: StudyState): string[];
}

export function createAcknowledged(): Acknowledged {
  const rows = new Map<string, number>();
  const ends = new Map<string, string>();
  return {
    take({ reports, ended }, { rejected }) {
      const refused = new Set(rejected.map(name));
      for (const report of reports) {
        if (refused.has(name(report))) continue;
        const upTo = report.from + report.columns.step.length;
        rows.set(name(report), Math.max(upTo, rows.get(name(report)) ?? 0));
      }
      for (const item of ended) if (!refused.has(name(item))) ends.set(name(item), item.end);
    },
    missing(study, state) {
      const ours = ([key]: [string, unknown]) => key.startsWith(`${study}/`);
      const attempt = (key: string) => {
        const [trial, number] = key
          .slice(study.length + 1)
          .split('.')
          .map(Number);
        return state.trials[trial!]?.attempts[number! - 1];
      };
      return [
        ...[...rows]
          .filter(ours)
          .filter(([key, upTo]) => (attempt(key)?.rows ?? 0) < upTo)
          .map(([key, upTo]) => `acknowledged rows of ${key} up to ${upTo} are not in the log`),
        ...[...ends]
          .filter(ours)
          .filter(([key, end]) => (attempt(key)?.told ?? attempt(key)?.end) !== end)
          .map(([key, end]) => `the acknowledged end of ${key}, ${end}, is not in the log`),
      ];
    },
  };
}

function name({ study, trial, attempt }: { study: string; trial: number; attempt: number }) {
  return `${study}/${trial}.${attempt}`;
}
