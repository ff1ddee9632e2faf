import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { root } from '../root.ts';
import { walk, type Source } from './sources.ts';

export interface Export {
  /** `*` for everything of `from`. */
  name: string;
  isType: boolean;
  line: number;
  /** Of a re-export: the file, and the name there. */
  from?: string;
  original: string;
}

/** What a source exports, declared there or passed on. */
export function exportsIn(source: Source): Export[] {
  const found: Export[] = [];
  const add = (node: ts.Node, name: string, isType: boolean, from?: string, original = name) => {
    const line = source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast)).line + 1;
    found.push({ name, isType, line, original, ...(from === undefined ? {} : { from }) });
  };
  for (const statement of source.ast.statements) {
    if (ts.isExportDeclaration(statement)) {
      const from = resolve(source.path, statement.moduleSpecifier);
      if (statement.exportClause === undefined) add(statement, '*', true, from);
      else if (ts.isNamedExports(statement.exportClause)) {
        for (const { name, propertyName, isTypeOnly } of statement.exportClause.elements) {
          const isType = isTypeOnly || statement.isTypeOnly;
          add(name, name.text, isType, from, (propertyName ?? name).text);
        }
      }
    } else if (isExported(statement)) {
      for (const name of declaredNames(statement)) {
        add(statement, name, ts.isInterfaceDeclaration(statement) || isAlias(statement));
      }
    }
  }
  return found;
}

export interface Import {
  /** The file that is imported. */
  path: string;
  /** Names used of it; `*` for all. */
  names: string[];
}

/** What a source imports from other sources; re-exports are not uses. */
export function importsOf(source: Source, byPath: Map<string, Source>): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, names: string[]): void => {
    const path = resolve(source.path, specifier);
    if (path !== undefined && byPath.has(path)) found.push({ path, names });
  };
  for (const statement of source.ast.statements) {
    if (ts.isExportDeclaration(statement)) add(statement.moduleSpecifier, []);
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    const names = !bindings
      ? []
      : ts.isNamespaceImport(bindings)
        ? ['*']
        : bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
    add(statement.moduleSpecifier, names);
  }
  walk(source.ast, (node) => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], ['*']);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, ['*']);
    }
  });
  return found;
}

/** The file that a specifier means, relative to the repository; undefined for third parties. */
function resolve(path: string, specifier: ts.Node | undefined): string | undefined {
  if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return undefined;
  if (specifier.text.startsWith('.')) return normalize(join(dirname(path), specifier.text));
  const [scope, second = '', ...rest] = specifier.text.split('/');
  if (scope !== '@fleetune' && scope !== 'fleetune') return undefined;
  const name = scope === 'fleetune' ? scope : second;
  const file = packageExports(name)[['.', ...rest].join('/')];
  return typeof file === 'string' ? normalize(join('packages', name, file)) : undefined;
}

const manifests = new Map<string, Record<string, unknown>>();

function packageExports(name: string): Record<string, unknown> {
  let exports = manifests.get(name);
  if (exports === undefined) {
    const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
    exports = (JSON.parse(text) as { exports?: Record<string, unknown> }).exports ?? {};
    manifests.set(name, exports);
  }
  return exports;
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function isAlias(statement: ts.Statement): boolean {
  return ts.isTypeAliasDeclaration(statement);
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    const names: string[] = [];
    for (const { name } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name)) names.push(name.text);
      else {
        walk(name, (node) => {
          if (ts.isBindingElement(node) && ts.isIdentifier(node.name)) names.push(node.name.text);
        });
      }
    }
    return names;
  }
  const { name } = statement as ts.Statement & { name?: ts.Node };
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
}
