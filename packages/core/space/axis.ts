// One parameter as a dimension.
//   value       what the program sees
//   coordinate  the number itself, or the index of a choice
//   cell k      the k-th lawful value, of `cells` (Infinity for a continuous float)
//   unit u      [0, 1]; discrete kinds own equal widths there (on ln for log scales)

import type { Parameter, ParamValue } from './study-spec.ts';

export interface Axis {
  readonly cells: number;
  fromUnit(unit: number): number;
  toUnit(coordinate: number): number;
  toValue(coordinate: number): ParamValue;
  /** Undefined when the value does not belong to the parameter. */
  fromValue(value: unknown): number | undefined;
  /** Coordinate of cell k; only with finite `cells`. */
  atCell(k: number): number;
  /** First cell at or above a coordinate (`cells` when there is none). */
  cellFrom(coordinate: number): number;
  /** What lawful values look like, for an error message. */
  readonly expected: string;
}

export function axisOf(parameter: Parameter): Axis {
  switch (parameter.type) {
    case 'categorical':
    case 'ordinal':
      return choiceAxis(parameter.choices);
    case 'boolean':
      return choiceAxis([false, true]);
    case 'constant':
      return choiceAxis([parameter.value]);
    case 'int':
      return steppedAxis(parameter, parameter.step, 'a whole number');
    case 'float':
      return parameter.step === undefined
        ? continuousAxis(parameter)
        : steppedAxis(parameter, parameter.step, 'a number');
  }
}

/** The lawful values of a discrete parameter by index; undefined for numeric kinds. */
export function choicesOf(parameter: Parameter): readonly ParamValue[] | undefined {
  if (parameter.type === 'boolean') return [false, true];
  if (parameter.type === 'constant') return [parameter.value];
  return 'choices' in parameter ? parameter.choices : undefined;
}

const shownChoices = 50;

interface Range {
  low: number;
  high: number;
  log: boolean;
}

function choiceAxis(choices: readonly ParamValue[]): Axis {
  const count = choices.length;
  return {
    cells: count,
    fromUnit: (unit) => cellOfUnit(unit, count),
    toUnit: (coordinate) => (coordinate + 0.5) / count,
    toValue: (coordinate) => choices[coordinate]!,
    fromValue(value) {
      const index = choices.indexOf(value as ParamValue);
      return index < 0 ? undefined : index;
    },
    atCell: (k) => k,
    cellFrom: (coordinate) => Math.min(count, Math.max(0, Math.ceil(coordinate))),
    // Of a million choices nobody wants to read the list, let alone make it unasked.
    get expected() {
      const shown = choices.slice(0, shownChoices).map((choice) => JSON.stringify(choice));
      const more = count > shownChoices ? [`… (${count} in all)`] : [];
      return count === 1 ? shown[0]! : `one of ${[...shown, ...more].join(', ')}`;
    },
  };
}

function continuousAxis({ low, high, log }: Range): Axis {
  const from = log ? Math.log(low) : low;
  const width = (log ? Math.log(high) : high) - from;
  return {
    cells: Infinity,
    fromUnit(unit) {
      const at = from + clamp(unit, 0, 1) * width;
      return unsigned(clamp(log ? Math.exp(at) : at, low, high));
    },
    toUnit: (coordinate) => clamp(((log ? Math.log(coordinate) : coordinate) - from) / width, 0, 1),
    toValue: (coordinate) => coordinate,
    fromValue: (value) =>
      typeof value === 'number' && value >= low && value <= high ? unsigned(value) : undefined,
    atCell: () => NaN,
    cellFrom: () => NaN,
    expected: `a number from ${low} to ${high}`,
  };
}

/** `high` is a value of the grid low + k·step: readStudy has seen to that. */
function steppedAxis({ low, high, log }: Range, step: number, kind: string): Axis {
  const cells = Math.round((high - low) / step) + 1;
  const digits = Math.min(100, Math.max(decimals(low), decimals(step)));
  // 0 + 3·0.1 is 0.30000000000000004: cut at the digits that the file was written with.
  const atCell = (k: number) =>
    unsigned(digits === 0 ? low + k * step : Number((low + k * step).toFixed(digits)));
  const cellOf = (coordinate: number) => (coordinate - low) / step;
  // algorithms: equal widths between half-step bounds; on a log scale equal widths in ln of them.
  const from = log ? Math.log(low - step / 2) : 0;
  const width = log ? Math.log(high + step / 2) - from : cells;
  return {
    cells,
    fromUnit(unit) {
      if (!log) return atCell(cellOfUnit(unit, cells));
      const value = Math.exp(from + clamp(unit, 0, 1) * width);
      return atCell(clamp(Math.round(cellOf(value)), 0, cells - 1));
    },
    toUnit: (coordinate) =>
      log ? (Math.log(coordinate) - from) / width : (Math.round(cellOf(coordinate)) + 0.5) / cells,
    toValue: (coordinate) => coordinate,
    fromValue(value) {
      if (typeof value !== 'number' || !(value >= low && value <= high)) return undefined;
      const k = cellOf(value);
      return Math.abs(k - Math.round(k)) < 1e-6 ? atCell(Math.round(k)) : undefined;
    },
    atCell,
    cellFrom: (coordinate) => clamp(Math.ceil(cellOf(coordinate) - 1e-6), 0, cells),
    expected: `${kind} from ${low} to ${high}${step === 1 ? '' : ` in steps of ${step}`}`,
  };
}

/** Digits after the point in the shortest decimal form, exponents included. */
function decimals(x: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(x))!;
  return Math.max(0, fraction.length - Number(exponent));
}

function cellOfUnit(unit: number, cells: number): number {
  return clamp(Math.floor(unit * cells), 0, cells - 1);
}

/** −0 is 0: they are one value to people, and to JSON. */
function unsigned(x: number): number {
  return x + 0;
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
