import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { root } from '../root.ts';

export interface Named {
  file: string;
  name: string;
}

interface DeclarationFile {
  ast: ts.SourceFile;
  /** Name → its statements: overloads, or a value and a type. */
  declared: Map<string, ts.Statement[]>;
  /** Local name → where it comes from. */
  imports: Map<string, Named>;
  /** Exported name → where it comes from; declared here when the file is its own. */
  exports: Map<string, Named & { isType?: boolean }>;
  /** Files of `export *`. */
  stars: string[];
}

export type Declarations = Map<string, DeclarationFile>;

export function readDeclarations(folder: string): Declarations {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .filter((file) => file.endsWith('.d.ts'))
      .map((file) => [file, read(file, readFileSync(join(folder, file), 'utf8'))]),
  );
}

/** Follows imports and re-exports to the file that declares the name. */
export function resolveName(
  files: Declarations,
  { file, name }: Named,
): { declared: Named; isType: boolean } {
  const found = find(files, { file, name });
  if (found === undefined) {
    throw new Error(`the public declarations need "${name}" of "${file}", which users do not have`);
  }
  return found;
}

function find(
  files: Declarations,
  { file, name }: Named,
): { declared: Named; isType: boolean } | undefined {
  const source = files.get(file);
  if (source === undefined) return undefined;
  const from = source.exports.get(name);
  if (from !== undefined && !(from.file === file && from.name === name)) {
    const found = find(files, from);
    return found && { ...found, isType: found.isType || from.isType === true };
  }
  const statements = source.declared.get(name);
  if (statements !== undefined) {
    const isType = statements.every(
      (node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node),
    );
    return { declared: { file, name }, isType };
  }
  if (source.imports.has(name)) return find(files, source.imports.get(name)!);
  for (const star of source.stars) {
    const found = find(files, { file: star, name });
    if (found !== undefined) return found;
  }
  return undefined;
}

function read(file: string, text: string): DeclarationFile {
  const ast = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const result: DeclarationFile = {
    ast,
    declared: new Map(),
    imports: new Map(),
    exports: new Map(),
    stars: [],
  };
  for (const statement of ast.statements) {
    if (ts.isImportDeclaration(statement)) readImport(result, file, statement);
    else if (ts.isExportDeclaration(statement)) readExport(result, file, statement);
    else {
      for (const name of namesOf(statement)) {
        result.declared.set(name, [...(result.declared.get(name) ?? []), statement]);
        result.exports.set(name, { file, name });
      }
    }
  }
  return result;
}

function readImport(into: DeclarationFile, file: string, statement: ts.ImportDeclaration): void {
  const from = target(file, statement.moduleSpecifier);
  const bindings = statement.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return;
  for (const { name, propertyName } of bindings.elements) {
    into.imports.set(name.text, { file: from, name: (propertyName ?? name).text });
  }
}

function readExport(into: DeclarationFile, file: string, statement: ts.ExportDeclaration): void {
  const from = statement.moduleSpecifier ? target(file, statement.moduleSpecifier) : file;
  if (statement.exportClause === undefined) into.stars.push(from);
  else if (ts.isNamedExports(statement.exportClause)) {
    for (const { name, propertyName, isTypeOnly } of statement.exportClause.elements) {
      into.exports.set(name.text, {
        file: from,
        name: (propertyName ?? name).text,
        isType: isTypeOnly || statement.isTypeOnly,
      });
    }
  }
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as ts.Statement & { name?: ts.Node };
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
}

/** The declaration file that a specifier means; third parties stay as they are, and are nobody's file. */
function target(file: string, node: ts.Expression): string {
  const specifier = (node as ts.StringLiteral).text;
  if (specifier.startsWith('.')) {
    return posix.join(posix.dirname(file), specifier).replace(/\.ts$/, '.d.ts');
  }
  const [scope, name = '', ...rest] = specifier.split('/');
  if (scope !== '@fleetune') return specifier;
  const manifest = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, string> };
  const path = exports[['.', ...rest].join('/')] ?? specifier;
  return posix.join(name, path).replace(/\.ts$/, '.d.ts');
}
