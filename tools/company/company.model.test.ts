import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Target } from '../../src/contracts/target.ts';
import { uniform } from '../../src/decode/uniform.ts';
import { repositoryPath } from '../../src/input/node/testing/read-goldens.ts';
import { createFindings } from './findings.ts';
import { runMixture } from './mixture.ts';
import { FORMATS, foldersOf, type Network, openNetwork } from './network.ts';
import { plainTexts, runSeries } from './series.ts';

const FAMILIES = [
  ...['llava-gqa', 'llava-next', 'qwen2-vl', 'qwen2.5-vl', 'smolvlm'],
  ...['text/biased', 'text/qwen2', 'text/llama3', 'text/yarn', 'text/mscales', 'text/linear'],
].map((name) => [name, `fixtures/families/${name}`, null] as const);
const MODELS = [...FAMILIES, ['tiny', 'models/tiny/target', 'models/tiny/draft']] as const;
const THREADS = [1, 2, 4, 8, 16];

const root = mkdtempSync(join(tmpdir(), 'msd-company-test-'));
const tempFolder = () => mkdtempSync(join(root, 'f-'));
beforeAll(() => void vi.stubEnv('XDG_CACHE_HOME', tempFolder()));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/** Of the mixtures that `npm run check:company` makes: four or five of each model, formats and threads in turn. */
it.each(MODELS.map((model, at) => [...model, at] as const))(
  'rows of %s are equal in every bit, whatever shares their passes',
  async (_, model, draft, at) => {
    const folders = foldersOf(repositoryPath(model), draft && repositoryPath(draft), tempFolder);
    const findings = createFindings();
    const format = FORMATS[at % FORMATS.length] ?? 'f32';
    // Not in step with the formats.
    const turn = at + Math.floor(at / FORMATS.length);
    const series = { folders, format, threads: THREADS[turn % THREADS.length] ?? 1, seed: at };
    await runSeries({ ...series, mixtures: at < 2 ? 5 : 4 }, findings);
    expect(findings.notes).toEqual([]);
    expect(findings.counts.differing).toBe(0);
    expect(findings.counts.rows).toBeGreaterThan(1000);
    expect(findings.counts.logits).toBeGreaterThan(100);
    expect(findings.counts.trees).toBeGreaterThan(10);
  },
  120_000,
);

const dull = 1 + 2 ** -22;
const CARELESS: readonly (readonly [string, RegExp, (network: Network) => Network])[] = [
  ['logits', /^logits of row \d+ in /, withDullLogits],
  [
    'keys',
    /^row \d+ in /,
    ({ columns, ...network }) => ({
      ...network,
      columns: { of: (row) => columns.of(row).map((x, at) => (at === 3 ? x * dull : x)) },
    }),
  ],
];

function withDullLogits(network: Network): Network {
  const { target } = network.model;
  const careless: Target = {
    ...target,
    async forward(steps) {
      const forwards = await target.forward(steps);
      for (const { logits } of steps.length > 1 ? forwards : []) {
        if (logits !== undefined) logits.data[3] = (logits.data[3] as number) * dull;
      }
      return forwards;
    },
  };
  return { ...network, model: { ...network.model, target: careless } };
}

it.each(CARELESS)('a last bit of %s that differs in company is found', async (_, note, spoil) => {
  let draws = 0;
  const below = (n: number) => Math.floor(uniform(1, draws++) * n);
  const network = await openNetwork(
    foldersOf(repositoryPath('fixtures/families/text/llama3'), null, tempFolder),
    'f32',
    1,
  );
  const texts = await plainTexts(network, below);
  const findings = createFindings();
  await runMixture(spoil(network), texts, 7, below, findings);
  await network.model.dispose();
  expect(findings.counts.differing).toBeGreaterThan(0);
  expect(findings.notes[0]).toMatch(note);
});
