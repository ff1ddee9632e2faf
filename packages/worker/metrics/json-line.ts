import type { RawRow } from './metric-row.ts';

const OPENING_BRACE = 0x7b;
const SPACE = 0x20;
const TAB = 0x09;

/** Quoted text, which stays; or a bare NaN or infinity, as Python and JavaScript print them. */
const BARE = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** Most lines of a program are none: seen at the first byte. */
export function mayBeJsonLine(firstByte: number): boolean {
  return firstByte === OPENING_BRACE || firstByte === SPACE || firstByte === TAB;
}

/** The object that a line is, if it is one. */
export function parseJsonLine(line: string): RawRow | undefined {
  const text = line.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const value = parse(text) ?? parse(text.replace(BARE, quote));
  return value as RawRow | undefined;
}

function quote(token: string): string {
  return token.startsWith('"') ? token : `"${token}"`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
