/**
 * The allow-list of imports between rooms (docs/architecture.md). Whatever is not listed is an error. A room inside a room
 * has a list of its own.
 * Tests may also reach for testing/ folders and for the rooms that they put together.
 */
const ROOMS = {
  contracts: [],
  graph: ['contracts'],
  'graph/blocks': ['contracts', 'graph', 'formats/forms'],
  model: ['contracts', 'graph'],
  decode: ['contracts'],
  draft: ['contracts', 'graph', 'model', 'decode'],
  learn: [
    'contracts',
    'graph',
    'model',
    'draft/(block-parts|draft-head|msd-graph)[.]ts$',
    'decode/uniform[.]ts$',
  ],
  input: ['contracts'],
  grammar: ['contracts'],
  calls: ['contracts', 'grammar'],
  families: ['contracts', 'graph', 'model', 'input'],
  files: ['contracts'],
  formats: ['contracts', 'files'],
  'formats/forms': ['contracts', 'graph'],
  safetensors: ['contracts', 'files', 'formats'],
  pytorch: ['contracts', 'files'],
  gguf: ['contracts', 'files', 'formats', 'safetensors'],
  hub: ['contracts', 'files'],
  checkpoint: [
    'contracts',
    'families',
    'files',
    'formats',
    'safetensors',
    'pytorch',
    'gguf',
    'hub',
  ],
  runtime: ['contracts', 'graph'],
  engine: [
    'contracts',
    'graph',
    'model',
    'decode',
    'draft',
    'input',
    'grammar',
    'calls',
    'families',
    'files',
    'formats',
    'runtime',
    'checkpoint',
  ],
  evaluate: ['contracts', 'decode', 'draft', 'engine', 'input', 'files', '(load|index)[.]ts$'],
  serve: ['contracts', 'engine', 'files', 'input', '(load)[.]ts$'],
  train: [
    'contracts',
    'graph',
    'model',
    'decode',
    'draft',
    'learn',
    'input',
    'families',
    'files',
    'formats',
    'safetensors',
    'hub',
    'checkpoint',
    'runtime',
    'engine',
    'evaluate',
    '(load|index)[.]ts$',
  ],
  cli: [
    'contracts',
    'decode',
    'draft/drafters[.]ts$',
    'engine',
    'evaluate',
    'train',
    'serve',
    'input',
    'files',
    'formats',
    'gguf',
    'hub',
    'checkpoint',
    'runtime',
    '(load|index|pull|read-text|serve)[.]ts$',
  ],
};

const TESTS = '([.]test[.]ts$|/testing/)';
/** Code that runs in a browser too. */
const PURE =
  '^src/(contracts|graph|formats/forms|model|families|grammar|calls|decode|draft|learn|input/(?!node/)|engine/(?!node/))';
/** Rooms that only the engine's host reaches for; the engine itself knows them by their contracts. */
const HOST_ONLY =
  '^src/(runtime|files|formats(?!/forms)|safetensors|pytorch|gguf|hub|checkpoint|input/node)/';

const roomsWithin = (room) => Object.keys(ROOMS).filter((name) => name.startsWith(`${room}/`));

/** What several families share. */
const SHARED = 'clip|decoder|llava-parts|qwen-vl';

const roomRules = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `${room}-imports`,
  comment: `${room}/ may import ${[...allowed, 'itself'].join(', ')}.`,
  severity: 'error',
  from: {
    path: `^src/${room}/`,
    pathNot: [TESTS, ...roomsWithin(room).map((name) => `^src/${name}/`)],
  },
  to: {
    path: '^src/',
    pathNot: [
      `^src/${room}/`,
      ...allowed.map((name) => (name.includes('$') ? `^src/${name}` : `^src/${name}/`)),
    ],
  },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'pure-rooms-have-no-node',
      comment: 'These rooms run in a browser: files, codecs and threads are handed in.',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-rooms-have-no-native-packages',
      comment: 'Native packages belong to runtime/ and input/node/.',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { path: 'node_modules/(onnxruntime-node|sharp)/' },
    },
    {
      name: 'host-rooms-behind-the-host',
      comment: 'engine/ reaches files and sessions through its Host; only engine/node/ makes one.',
      severity: 'error',
      from: { path: '^src/engine/(?!node/)', pathNot: TESTS },
      to: { path: HOST_ONLY },
    },
    {
      name: 'families-know-only-what-they-share',
      comment:
        "A family's folder imports no other family's, only what several share; nothing shared imports a family.",
      severity: 'error',
      from: { path: '^src/families/([^/]+)/', pathNot: TESTS },
      to: { path: '^src/families/[^/]+/', pathNot: `^src/families/(${SHARED}|$1)/` },
    },
    {
      name: 'families-are-asked-through-their-table',
      comment: 'Nothing outside of families/ knows a family by name.',
      severity: 'error',
      from: { path: '^src/(?!families/)', pathNot: TESTS },
      to: { path: '^src/families/[^/]+/', pathNot: `^src/families/(${SHARED})/` },
    },
    {
      name: 'drafters-are-asked-through-their-table',
      comment: 'A drafter of the library is known to its row and to nobody else.',
      severity: 'error',
      from: { path: '^src/(?!draft/drafters[.]ts$)', pathNot: TESTS },
      to: { path: '^src/draft/(msd|eagle|block|prompt-lookup|none)[.]ts$' },
    },
    {
      name: 'held-out-stays-held-out',
      comment: 'What models are measured with and never trained on is known to the suites alone.',
      severity: 'error',
      from: { path: '^(src|tools)/', pathNot: ['^src/evaluate/', TESTS] },
      to: { path: '^src/evaluate/pictures/((documents|charts)/)?held-out' },
    },
    {
      name: 'no-cycles-among-families',
      comment: 'Not even of types.',
      severity: 'error',
      from: { path: '^src/families/' },
      to: { circular: true },
    },
    {
      name: 'the-page-stands-alone',
      comment: 'It speaks to the server by HTTP, and runs in a browser.',
      severity: 'error',
      from: { path: '^web/', pathNot: `(${TESTS}|vite[.]config[.]ts$)` },
      to: { path: '^src/', dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-of-the-page-in-the-library',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^web/' },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(src|web)/', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
