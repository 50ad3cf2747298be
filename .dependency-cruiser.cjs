/**
 * Layers: renderer → common ← main/app → engine → common. A folder's name says where its code may run,
 * and these rules prove it.
 */
const nodeBuiltIn = ['core'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'common-stands-alone',
      comment: 'src/common runs anywhere, so it imports nothing outside itself except zod.',
      severity: 'error',
      from: { path: '^src/common/' },
      to: { pathNot: ['^src/common/', '^node_modules/zod/'] },
    },
    {
      name: 'renderer-is-a-web-page',
      comment: 'The window is sandboxed: it reaches the rest only through window.workbench.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: {
        path: [
          '^src/main/',
          '^src/preload/',
          '^node_modules/(electron|better-sqlite3|onnxruntime-node|sharp)/',
        ],
      },
    },
    {
      name: 'renderer-has-no-node',
      comment: 'Node built-ins do not exist in the window.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { dependencyTypes: nodeBuiltIn },
    },
    {
      name: 'preload-is-small',
      comment: 'The preload is one sandboxed file made from the contract: electron and common only.',
      severity: 'error',
      from: { path: '^src/preload/' },
      to: { pathNot: ['^src/preload/', '^src/common/', '^node_modules/(electron|zod)/'] },
    },
    {
      name: 'engine-is-plain-node',
      comment: 'The engine also runs on the command line and in tests, where there is no Electron.',
      severity: 'error',
      from: { path: '^src/main/engine/' },
      to: {
        path: [
          '^src/main/app/',
          '^src/main/index\\.ts$',
          '^src/preload/',
          '^src/renderer/',
          '^node_modules/electron/',
        ],
      },
    },
    {
      name: 'app-only-starts-the-engine',
      comment:
        'The main process talks to the engine by messages. Loading its code, SQLite, onnxruntime or sharp there would put a native crash into the process that owns the window.',
      severity: 'error',
      from: { path: ['^src/main/app/', '^src/main/index\\.ts$'] },
      to: {
        path: [
          '^src/main/engine/',
          '^src/renderer/',
          '^node_modules/(better-sqlite3|onnxruntime-node|sharp)/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'pure-parts-stay-pure',
      comment: 'Metrics, image arithmetic and the pure parts of methods take numbers and give numbers.',
      severity: 'error',
      from: {
        path: [
          '^src/main/engine/(evaluation|imaging)/',
          '^src/main/engine/methods/(nms|heatmap-prompts|box-from-map)\\.ts$',
          '^src/main/engine/methods/pure/',
        ],
      },
      to: { path: ['^node_modules/(better-sqlite3|onnxruntime-node)/', '^src/main/engine/workspace/'] },
    },
    {
      name: 'no-cycles',
      comment: 'Files that import one another in a circle cannot be read or tested alone.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.vue', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
