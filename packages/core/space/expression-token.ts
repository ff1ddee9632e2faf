import { fail } from '../errors/index.ts';

export type Token = { column: number; text: string } & (
  | { kind: 'literal'; value: number | string | boolean | null }
  | { kind: 'name' }
  | { kind: 'symbol' }
  | { kind: 'end' }
);

// Longest first where one begins with another. Sticky: each matches at the current position only.
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /[A-Za-z_][A-Za-z0-9_.]*/y;
const symbol = /\*\*|<=|>=|==|!=|[-+*/%()<>,]/y;
const text = /'[^']*'|"[^"]*"/y;
const space = /\s+/y;

const words = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const operators = ['and', 'or', 'not'];

/** Names that a parameter can't have, since constraints read them otherwise. */
export const reservedNames: readonly string[] = [...operators, ...words.keys()];

export function tokensOf(source: string, place: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(source)?.[0];
  };
  while (position < source.length) {
    const blank = match(space);
    const column = position + 1;
    let found: string | undefined;
    if (blank !== undefined) {
      found = blank;
    } else if ((found = match(number)) !== undefined) {
      tokens.push({ kind: 'literal', value: Number(found), text: found, column });
    } else if ((found = match(name)) !== undefined) {
      tokens.push(wordToken(found, column));
    } else if ((found = match(symbol)) !== undefined) {
      tokens.push({ kind: 'symbol', text: found, column });
    } else if ((found = match(text)) !== undefined) {
      tokens.push({ kind: 'literal', value: found.slice(1, -1), text: found, column });
    } else {
      const got = source[position]!;
      const expected =
        got === '"' || got === "'" ? 'a closing quote' : 'a name, number or operator';
      throw fail('constraint.syntax', place, { column, expected, got });
    }
    position += found.length;
  }
  tokens.push({ kind: 'end', text: 'the end', column: source.length + 1 });
  return tokens;
}

function wordToken(word: string, column: number): Token {
  const value = words.get(word);
  if (value !== undefined) return { kind: 'literal', value, text: word, column };
  return { kind: operators.includes(word) ? 'symbol' : 'name', text: word, column };
}
