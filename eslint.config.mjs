import eslintConfigPrettier from 'eslint-config-prettier';
import pluginVue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

const ipcMainBan = {
  name: 'electron',
  importNames: ['ipcMain'],
  message: 'Only src/main/app/ipc-gate.ts listens to ipcMain: every call passes its checks.',
};

const networkMessage =
  'Only src/main/engine/models/download.ts reaches a network, for what a person asked for.';
const networkGlobals = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map((name) => ({
  name,
  message: networkMessage,
}));
const networkModules = ['http', 'https', 'http2', 'net', 'tls', 'dgram']
  .flatMap((name) => [name, `node:${name}`])
  .map((name) => ({ name, message: networkMessage }));

/** Rules that need types; few, because each file they cover is type-checked once more. */
const typeAwareRules = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

export default tseslint.config(
  {
    ignores: [
      'node_modules/**',
      'out/**',
      'dist/**',
      'coverage/**',
      'test-results/**',
      'playwright-report/**',
      'resources/**',
      'training/**',
      'test/fixtures/**',
      'scripts/stand-in/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  ...pluginVue.configs['flat/recommended'],
  {
    rules: {
      'max-lines': ['error', { max: 450 }],
      eqeqeq: ['error', 'always'],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.node.json', './tsconfig.web.json', './tsconfig.e2e.json'],
        extraFileExtensions: ['.vue'],
      },
    },
    rules: typeAwareRules,
  },
  {
    files: ['**/*.vue'],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        project: ['./tsconfig.web.json'],
        extraFileExtensions: ['.vue'],
      },
    },
    rules: typeAwareRules,
  },
  {
    files: ['src/**/*.ts', 'src/**/*.vue'],
    ignores: ['src/main/engine/models/download.ts'],
    rules: {
      'no-restricted-globals': ['error', ...networkGlobals],
      'no-restricted-properties': [
        'error',
        { object: 'globalThis', property: 'fetch', message: networkMessage },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.vue'],
    rules: {
      'no-restricted-imports': ['error', { paths: [ipcMainBan, ...networkModules] }],
    },
  },
  {
    files: ['src/main/app/ipc-gate.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: networkModules }] },
  },
  {
    // Listens on a socket that is a file of this user's, for a program that it starts itself.
    files: ['src/main/engine/printing/hidden-screen.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ipcMainBan,
            ...networkModules.filter(({ name }) => name !== 'node:net'),
            { name: 'node:net', allowImportNames: ['createServer', 'Socket'], message: networkMessage },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'scripts/**/*.mjs'],
    rules: { 'max-lines': ['error', { max: 700 }] },
  },
  eslintConfigPrettier,
);
