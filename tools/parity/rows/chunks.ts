import type { DraftRows } from '../../../src/contracts/drafter.ts';
import type { Forward, Sequence, Target } from '../../../src/contracts/target.ts';
import type { PreparedPrompt } from '../../../src/engine/answer/read-prompt.ts';
import { largestDifference } from '../../../src/input/node/testing/read-goldens.ts';
import { cacheDifference } from '../cache-difference.ts';
import { goldenNumbers, layoutCases, tinyCases } from '../golden-cases.ts';
import type { Lab } from '../lab.ts';
import { EQUAL, type Line, most } from '../line.ts';
import { preparedCase } from '../prepared-case.ts';
import { promptDraftRows, promptStep } from '../prompt-rows.ts';
import { sameTrees } from '../same-trees.ts';
import { createTally, figures } from '../tally.ts';
import { openWatchedDraft } from '../watched-draft.ts';

const CHUNKS = [1, 7, 16];
const SHAPE = { total: 59, depth: 5, topK: 10 };

/** Prompts read in chunks by target and draft, against one pass. */
export async function chunkedPrefill(lab: Lab): Promise<Line[]> {
  const features = createTally();
  const cache = createTally();
  const draftCache = createTally();
  const trees = createTally();
  const open = await lab.open('tiny');
  const { target } = open.model;
  const { decoder } = open.model.files.config;
  const draft = await openWatchedDraft(open);
  const drafter = draft.drafter();
  for (const one of [...tinyCases(), ...layoutCases()]) {
    const prompt = await preparedCase(open.model, one, goldenNumbers(one.set));
    const { length } = prompt.ids;
    const readBy = async (chunk: number) => {
      const read = await readChunks(target, prompt, chunk);
      const state = drafter.open();
      for (const rows of read.rows) await state.extend(rows);
      const tree = await state.propose(read.first, SHAPE);
      read.sequence.dispose();
      return { ...read, tree, draftCache: draft.cacheRows(length) };
    };
    const whole = await readBy(length);
    const [all] = whole.forwards as [Forward];
    for (const chunk of CHUNKS) {
      const parts = await readBy(chunk);
      let from = 0;
      for (const forward of parts.forwards) {
        const { data, count, width } = forward.features;
        const expected = all.features.data.subarray(from * width, (from + count) * width);
        features.add(largestDifference(data, expected), count);
        cache.add(cacheDifference(forward.cache, 0, all.cache, from, count, decoder), count);
        from += count;
      }
      for (const part of ['keys', 'values'] as const) {
        const expected = whole.draftCache[part];
        draftCache.add(largestDifference(parts.draftCache[part], expected), length);
      }
      trees.equal(sameTrees(parts.tree, whole.tree), `${one.name} in chunks of ${chunk}`);
    }
  }
  await draft.dispose();
  const common = { against: 'one pass', bound: most(1e-4), unit: 'rows' };
  const chunks = `chunks of ${CHUNKS.join(', ')}`;
  return [
    { what: `target features, ${chunks}`, ...common, ...figures(features) },
    { what: `target keys and values, ${chunks}`, ...common, ...figures(cache) },
    { what: `draft keys and values, ${chunks}`, ...common, ...figures(draftCache) },
    {
      what: `tree after ${chunks}`,
      against: 'one pass',
      bound: EQUAL,
      unit: 'trees',
      ...figures(trees),
    },
  ];
}

interface ReadChunks {
  readonly sequence: Sequence;
  readonly forwards: readonly Forward[];
  readonly rows: readonly DraftRows[];
  /** The greedy token after the prompt. */
  readonly first: number;
}

async function readChunks(
  target: Target,
  prompt: PreparedPrompt,
  chunk: number,
): Promise<ReadChunks> {
  const sequence = target.open();
  const forwards: Forward[] = [];
  while (sequence.length < prompt.ids.length) {
    const to = Math.min(sequence.length + chunk, prompt.ids.length);
    const heads = Int32Array.of(to - sequence.length - 1);
    const step = promptStep(sequence, prompt, to, heads);
    const [forward] = (await target.forward([step], 'best')) as [Forward];
    sequence.commit(
      forward,
      step.ids.map((_, row) => row),
    );
    forwards.push(forward);
  }
  const first = forwards.at(-1)?.best[0] as number;
  let from = 0;
  const rows = forwards.map(({ features }) => {
    const read = promptDraftRows(prompt, from, features, first);
    from += features.count;
    return read;
  });
  return { sequence, forwards, rows, first };
}
