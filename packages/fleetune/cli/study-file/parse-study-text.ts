// YAML 1.2 (and so JSON) to plain data, with a place for everything that is wrong with it.

import { fail } from '@fleetune/core';
import {
  LineCounter,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Document,
} from 'yaml';

export interface StudyText {
  raw: unknown;
  /**
   * `study.yaml:7:23` of the value at a place such as `space.lr.low` or `command[3]`; of its
   * nearest parent else.
   */
  locate(place: string): string;
}

export function parseStudyText(text: string, file: string): StudyText {
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const documents = parseAllDocuments(text, { prettyErrors: false, lineCounter: lines });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (document === undefined || document.contents === null) {
    throw fail('study-file.empty', file, {});
  }
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem?.code === 'DUPLICATE_KEY') {
    const key = text.slice(problem.pos[0]).match(/^"?([^\s":,}]*)/)?.[1] ?? '';
    throw fail('study-file.repeated-key', at(problem.pos[0]), { key });
  }
  if (problem !== undefined) {
    throw fail('study-file.syntax', at(problem.pos[0]), { problem: problem.message });
  }
  if (second !== undefined) {
    throw fail('study-file.syntax', at(second.range[0]), { problem: 'a second document begins' });
  }
  refuseStrangeKeys(document, at);
  return {
    raw: toPlain(document, file),
    locate: (place) => at(offsetOf(document, place)),
  };
}

/** Keys that are no plain words would be turned into strings silently. */
function refuseStrangeKeys(document: Document, at: (offset: number) => string): void {
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value !== null && key.tag === undefined) return undefined;
      const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
      throw fail('study-file.syntax', at(offset), { problem: 'a key must be a word' });
    },
  });
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw fail('study-file.syntax', file, { problem }, { cause: error });
  }
}

/** Follows `space.lr.low` down the document as far as it goes. */
function offsetOf(document: Document, place: string): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of keysOf(place)) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (pair === undefined) return offset;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      node = isSeq(node) ? node.items[Number(key)] : undefined;
    }
    if (!isNode(node)) return offset;
    if (!isMap(node)) offset = node.range?.[0] ?? offset;
  }
  return offset;
}

function keysOf(place: string): (string | number)[] {
  return [...place.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(
    ([, index, quoted, word]) => (index !== undefined ? Number(index) : (quoted ?? word ?? '')),
  );
}
