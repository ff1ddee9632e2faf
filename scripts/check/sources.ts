import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../root.ts';

export interface Source {
  /** Relative to the repository, with forward slashes. */
  path: string;
  text: string;
  ast: ts.SourceFile;
}

/** Files that git tracks or would track: what lies around beside them does not count. */
export function listFiles(...patterns: string[]): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  return [...new Set(listed.split('\0'))].filter(
    (path) => path !== '' && existsSync(join(root, path)),
  );
}

let cached: Source[] | undefined;

export function readSources(): Source[] {
  cached ??= listFiles('*.ts').map((path) => source(path, readFileSync(join(root, path), 'utf8')));
  return cached;
}

export function source(path: string, text: string): Source {
  return { path, text, ast: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
}

/** `packages/core/space/key.ts:12`. */
export function place({ path, ast }: Source, node: ts.Node): string {
  return `${path}:${ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1}`;
}

/** Calls back for every node below `node`. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  ts.forEachChild(node, (child) => {
    visit(child);
    walk(child, visit);
  });
}

/** Every module that a source names: static and dynamic imports and re-exports. */
export function imports(from: Source): { specifier: string; node: ts.Node }[] {
  const found: { specifier: string; node: ts.Node }[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      found.push({ specifier: specifier.text, node });
    }
  };
  walk(from.ast, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0]);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal);
    }
  });
  return found;
}

/** Tests, and what exists for them alone: contract suites, fixtures, the simulator without what users call. */
export function isTest(path: string): boolean {
  return (
    /(\.test|\/testing)\.ts$/.test(path) ||
    path.startsWith('test/') ||
    /^packages\/simulator\/(?!prediction\/)|\/(test|testing|fixtures)\//.test(path)
  );
}
