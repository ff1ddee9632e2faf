import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';

// Only what finds mistakes; the look is prettier's, the house rules are scripts/check's.
export default defineConfig(
  { ignores: ['**/dist/**', '**/node_modules/**', '.tools/**', '**/.venv/**'] },
  // AssemblyScript, another language: its compiler checks it.
  { ignores: ['packages/core/numerics/kernels/assembly/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.recommended,
  {
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly' },
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      // The compiler has these two, with better places.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // One name for a validator and its type (protocol/exchange.ts).
      'no-redeclare': 'off',
      // Text of programs and terminals has control characters.
      'no-control-regex': 'off',
      // Constants are written with all the digits that their source prints.
      'no-loss-of-precision': 'off',
    },
  },
  { files: ['**/*.config.{js,ts}'], rules: { 'no-restricted-exports': 'off' } },
  {
    files: ['packages/**/*.ts', 'scripts/**/*.ts', 'benchmarks/**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  {
    // Of each of these there are many.
    files: ['packages/worker/**/*.ts', 'packages/coordinator/{http,asker,dispatcher}/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ObjectExpression > Property[kind="get"]',
          message:
            'V8 keeps all that this getter reaches until the next full collection: a method, or a getter of a class, does not.',
        },
      ],
    },
  },
);
