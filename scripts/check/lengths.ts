import ts from 'typescript';
import type { Findings } from './main.ts';
import { isTest, place, walk, type Source } from './sources.ts';

const fileLines = 400;
const functionLines = 60;

export function lengths(sources: Source[]): Findings {
  const findings: Findings = [];
  for (const source of sources) {
    const lines = source.text.trimEnd().split('\n').length;
    if (lines > fileLines) {
      findings.push(
        `${source.path}: ${lines} lines; at most ${fileLines}: look for the second idea`,
      );
    }
    // The callbacks of describe() hold whole suites.
    if (isTest(source.path)) continue;
    walk(source.ast, (node) => {
      if (!hasBody(node)) return;
      const length = ownLines(source.ast, node);
      if (length > functionLines) {
        findings.push(
          `${place(source, node)}: function of ${length} lines; at most ${functionLines}`,
        );
      }
    });
  }
  if (sources.length === 0) findings.push('no source was looked at');
  return findings;
}

function hasBody(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** Without the functions inside it: a closure with many short methods is no long function. */
function ownLines(ast: ts.SourceFile, node: ts.Node): number {
  let lines = lineOf(ast, node.getEnd()) - lineOf(ast, node.getStart(ast)) + 1;
  const subtractInner = (outer: ts.Node): void =>
    ts.forEachChild(outer, (child) => {
      if (!hasBody(child)) return subtractInner(child);
      lines -= lineOf(ast, child.getEnd()) - lineOf(ast, child.getStart(ast));
    });
  subtractInner(node);
  return lines;
}

function lineOf(ast: ts.SourceFile, position: number): number {
  return ast.getLineAndCharacterOfPosition(position).line;
}
