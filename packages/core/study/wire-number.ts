import type { WireNumber } from './event.ts';

/** The log's and the wire's form of a number: JSON has no NaN and no infinities. */
export function toWire(value: number): WireNumber {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

export function fromWire(value: WireNumber): number {
  return typeof value === 'number' ? value : Number(value);
}
