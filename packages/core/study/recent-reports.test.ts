import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  correctReport,
  keepReport,
  packed,
  RECENT_REPORTS,
  recentReports,
} from './recent-reports.ts';

const reports = fc.array(fc.tuple(fc.oneof(fc.nat(40), fc.double()), fc.double()));

describe('the recent reports of a trial', () => {
  it('are the same numbers, to the last bit, as text', () => {
    fc.assert(
      fc.property(reports, (rows) => {
        const numbers = rows.flat();
        expect(recentReports({ recent: packed(numbers) })).toStrictEqual(numbers);
      }),
      { seed: 20261123 },
    );
  });

  it('are the last ones, whether the trial has ended in between or not', () => {
    fc.assert(
      fc.property(reports, fc.nat(100), (rows, end) => {
        const once = { recent: [] as number[] | string };
        const twice = { recent: [] as number[] | string };
        rows.forEach(([step, value], i) => {
          keepReport(once, step, value);
          keepReport(twice, step, value);
          if (i === end) twice.recent = packed(recentReports(twice));
        });
        expect(recentReports(twice)).toStrictEqual(recentReports(once));
        expect(recentReports(once).length).toBeLessThanOrEqual(2 * RECENT_REPORTS);
        expect(recentReports(once)).toStrictEqual(
          rows.flat().slice(-recentReports(once).length || Infinity),
        );
      }),
      { seed: 20261123 },
    );
  });

  it('are corrected where the step was last', () => {
    const trial = { recent: packed([1, 5, 2, 6, 1, 7]) };
    correctReport(trial, 1, 9);
    expect(recentReports(trial)).toEqual([1, 5, 2, 6, 1, 9]);
    correctReport(trial, 8, 0);
    expect(recentReports(trial)).toEqual([1, 5, 2, 6, 1, 9]);
  });
});
