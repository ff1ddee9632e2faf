import type { AttemptEnd, Losses } from '@fleetune/core';
import type { MiddlePrediction } from '@fleetune/simulator/prediction';
import { areaChart } from './area-chart.ts';
import { bar, clockTime, count, figure, percent } from './figures.ts';
import { justify, paintLine, span, type Line } from './line.ts';
import { slotHoursOf, type Predicted } from './prediction-json.ts';
import { contentWidth, labelled } from './section.ts';
import { lossNames } from './utilization-lines.ts';

const CHART_HEIGHT = 6;

export function renderPrediction(
  predicted: Predicted,
  { width, colour }: { width: number; colour: boolean },
): string[] {
  const { predictions, workers, price } = predicted;
  const asked = predictions.find(({ cluster }) => cluster.workers === workers)!;
  const inner = contentWidth(width);
  const sections: Line[][] = [
    headLines(predicted, asked),
    [
      ...labelled('Finish', [finishLine(asked)], width),
      ...labelled('Cost', costLines(asked, price), width),
      ...labelled('Trials', trialLines(asked), width),
    ],
    labelled('Busy slots', chartLines(asked, inner), width),
    labelled('Utilization', utilizationLines(asked, inner), width),
    labelled(`Rungs`, rungLines(predicted, asked, inner), width),
    labelled('Workers', comparisonLines(predicted, inner), width),
    adviceLines(predicted, asked),
  ];
  const lines = sections.filter(({ length }) => length > 0).flatMap((section) => [...section, []]);
  return lines.slice(0, -1).map((line) => paintLine(line, colour));
}

function headLines({ spec, source, deaths }: Predicted, { cluster }: MiddlePrediction): Line[] {
  const { trials, timeMs } = spec.budget;
  const budget = [
    ...(trials === undefined ? [] : [`${count(trials)} trials`]),
    ...(timeMs === undefined ? [] : [clockTime(timeMs)]),
  ].join(' or ');
  const each = cluster.slots === 1 ? '' : ` with ${count(cluster.slots)} slots each`;
  const dying = deaths === undefined ? '' : `, of which ${deaths}`;
  return [
    [
      span(spec.name, 'strong'),
      span(`   ${budget} on ${workersText(cluster.workers)}${each}${dying}`),
    ],
    [span(`Simulated with ${source}`, 'faint')],
  ];
}

function finishLine({ finishMs, finishRangeMs, simulations, end }: MiddlePrediction): Line {
  const [least, most] = finishRangeMs.map(clockTime);
  const range = least === most ? '' : `   ${least} to ${most} in ${simulations} simulations`;
  const text = end in WHY_OVER ? `   ${WHY_OVER[end as keyof typeof WHY_OVER]}` : range;
  return [span(clockTime(finishMs), 'good'), span(text, 'faint')];
}

const WHY_OVER = {
  'budget-time': 'the time of its budget is over then',
  exhausted: 'every set of params has been tried then',
};

function costLines(prediction: MiddlePrediction, price: number | undefined): Line[] {
  const hours = slotHoursOf(prediction);
  const time = `${count(round(hours))} slot-hours`;
  if (price === undefined) return [[span(time)]];
  return [[span(count(round(hours * price))), span(`   ${time} at ${figure(price)}`, 'faint')]];
}

function trialLines({ status, attempts, deaths }: MiddlePrediction): Line[] {
  const states = Object.entries(status.trials).filter(([, number]) => number > 0);
  const failures = (Object.entries(status.failures) as [AttemptEnd, number][])
    .filter(([, number]) => number > 0)
    .map(([end, number]) => `${count(number)} ${end}`);
  const died = deaths === 0 ? [] : [`${workersText(deaths)} died`];
  const more = [`${count(attempts)} attempts`, ...failures, ...died];
  return [
    [span(states.map(([state, number]) => `${count(number)} ${state}`).join(' · '))],
    ...(failures.length + died.length === 0 ? [] : [[span(more.join(' · '), 'faint')]]),
  ];
}

/** The area of the busy slots over time, between its axes. */
function chartLines({ cluster, finishMs, busy }: MiddlePrediction, width: number): Line[] {
  const top = cluster.workers * cluster.slots;
  const label = count(top);
  const margin = label.length + 1;
  const area = areaChart(busy.busy, { top, width: width - margin - 1, height: CHART_HEIGHT });
  const axis = (row: number): Line => {
    const text = row === 0 ? label : row === CHART_HEIGHT - 1 ? '0' : '';
    return [span(`${text.padStart(label.length)} `, 'faint'), span('│', 'faint')];
  };
  const ends = justify(
    [span(`${' '.repeat(margin)}0:00`, 'faint')],
    [span(clockTime(finishMs), 'faint')],
    width,
  );
  return [...area.map((line, row) => [...axis(row), ...line]), ends];
}

function utilizationLines({ status }: MiddlePrediction, width: number): Line[] {
  const { utilization } = status;
  if (utilization === undefined) return [];
  const { allocatedUs, busyUs, lossesUs } = utilization;
  const losses = (Object.entries(lossesUs) as [keyof Losses, number][])
    // What rounds to nothing explains nothing.
    .filter(([, us]) => us / allocatedUs >= 0.000_5)
    .sort(([, a], [, b]) => b - a);
  const line = (name: string, us: number, style: 'good' | 'warn'): Line => [
    span(percent(us / allocatedUs).padStart(7)),
    span('  '),
    ...bar(us / allocatedUs, Math.min(40, Math.max(8, width - 36)), style),
    span(`  ${name}`, 'faint'),
  ];
  return [
    line('busy', busyUs, 'good'),
    ...losses.map(([category, us]) => line(lossNames[category], us, 'warn')),
  ];
}

function rungLines({ spec }: Predicted, { status }: MiddlePrediction, width: number): Line[] {
  const { rungs } = status;
  const most = Math.max(1, ...rungs.map(({ reached }) => reached));
  const fidelities = rungs.map(({ fidelity }) => figure(fidelity));
  const wide = Math.max(...fidelities.map(({ length }) => length));
  const counts = rungs.map(({ reached }) => count(reached));
  const wideCount = Math.max(...counts.map(({ length }) => length));
  const name = spec.fidelity?.metric ?? 'step';
  const left = name.length + wide + wideCount + 4;
  return rungs.map(({ reached, stopped }, i) => [
    span(`${name} ${fidelities[i]!.padStart(wide)}`, 'faint'),
    span(`  ${counts[i]!.padStart(wideCount)} `),
    ...bar(reached / most, Math.min(40, Math.max(8, width - left - 16))),
    span(stopped === 0 ? '' : `  ${count(stopped)} stop here`, 'faint'),
  ]);
}

function comparisonLines({ predictions, workers, price }: Predicted, width: number): Line[] {
  const header = ['workers', 'slots', 'finish', 'busy', 'trials', 'slot-hours'];
  if (price !== undefined) header.push('cost');
  const rows = predictions.map((prediction) => {
    const { cluster, finishMs, status } = prediction;
    const hours = slotHoursOf(prediction);
    return [
      count(cluster.workers),
      count(cluster.workers * cluster.slots),
      clockTime(finishMs),
      percent(status.utilization?.share ?? 0),
      count(endedOf(prediction)),
      count(round(hours)),
      ...(price === undefined ? [] : [count(round(hours * price))]),
    ];
  });
  const widths = header.map((name, i) =>
    Math.max(name.length, ...rows.map((row) => row[i]!.length)),
  );
  const cells = (row: readonly string[]): string =>
    row.map((text, i) => text.padStart(widths[i]!)).join('  ');
  const room = width - cells(header).length - 4;
  const slowest = Math.max(...predictions.map(({ finishMs }) => finishMs));
  return [
    [span(`  ${cells(header)}`, 'faint')],
    ...predictions.map(({ cluster, finishMs }, i) => {
      const asked = cluster.workers === workers;
      return [
        span(asked ? '▸ ' : '  ', 'accent'),
        span(cells(rows[i]!), asked ? 'strong' : undefined),
        span('  '),
        ...(room < 8 ? [] : [bar(finishMs / slowest, Math.min(room, 24))[0]!]),
      ];
    }),
  ];
}

/** What twice as many workers would buy. */
function adviceLines({ predictions, workers, price }: Predicted, asked: MiddlePrediction): Line[] {
  const twice = predictions.find(({ cluster }) => cluster.workers === 2 * workers);
  if (twice === undefined) return [];
  const soonerMs = asked.finishMs - twice.finishMs;
  const hours = slotHoursOf(twice) / Math.max(1e-9, slotHoursOf(asked)) - 1;
  const dearer = `${percent(Math.abs(hours))} ${hours >= 0 ? 'more' : 'less'}`;
  const forWhat = price === undefined ? 'slot time' : 'cost';
  const more = endedOf(twice) - endedOf(asked);
  const gain =
    asked.end === 'budget-time'
      ? `${count(Math.abs(more))} ${more >= 0 ? 'more' : 'fewer'} trials`
      : `done ${clockTime(Math.abs(soonerMs))} ${soonerMs >= 0 ? 'sooner' : 'later'} ` +
        `(${percent(Math.abs(soonerMs) / asked.finishMs)})`;
  return [[span('Twice the workers: '), span(gain, 'good'), span(`, for ${dearer} ${forWhat}`)]];
}

function endedOf({ status }: MiddlePrediction): number {
  const { completed, stopped, failed, infeasible } = status.trials;
  return completed + stopped + failed + infeasible;
}

function workersText(workers: number): string {
  return workers === 1 ? '1 worker' : `${count(workers)} workers`;
}

/** Three digits are as many as a prediction has. */
function round(value: number): number {
  return value >= 1_000 ? Math.round(value) : Number(value.toPrecision(3));
}
