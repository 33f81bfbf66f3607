import type { DraftRows, DraftTree } from '../../../src/contracts/drafter.ts';
import type { Rows } from '../../../src/contracts/rows.ts';
import type { Forward, Sequence } from '../../../src/contracts/target.ts';
import type { PreparedPrompt } from '../../../src/engine/answer/read-prompt.ts';
import type { CacheRows } from '../../../src/model/block-cache.ts';
import { consecutive } from '../../../src/model/consecutive.ts';
import { pieceRows } from '../../../src/model/lane-groups.ts';
import { columnFloats } from '../column-bits.ts';
import { goldenNumbers, layoutCases, tinyCases } from '../golden-cases.ts';
import type { Lab, OpenModel } from '../lab.ts';
import { EQUAL, type Line } from '../line.ts';
import { preparedCase } from '../prepared-case.ts';
import { promptDraftRows, promptStep } from '../prompt-rows.ts';
import { sameBits } from '../same-bits.ts';
import { sameTrees } from '../same-trees.ts';
import { createTally, figures } from '../tally.ts';
import { openWatchedDraft } from '../watched-draft.ts';

const CHUNKS = [1, 7, 16, 64, 150];
const SHAPE = { total: 59, depth: 5, topK: 10 };

/** Prompts read in chunks by target and draft, against one pass. */
export async function chunkedPrefill(lab: Lab): Promise<Line[]> {
  const features = createTally();
  const cache = createTally();
  const draftCache = createTally();
  const trees = createTally();
  const open = await lab.open('tiny');
  const { layers } = open.model.info;
  const draft = await openWatchedDraft(open);
  const drafter = draft.drafter();
  for (const one of [...tinyCases(), ...layoutCases()]) {
    const prompt = await preparedCase(open.model, one, goldenNumbers(one.set));
    const { length } = prompt.ids;
    const readBy = async (chunk: number) => {
      const read = await readChunks(open, prompt, chunk);
      const state = drafter.open();
      for (const rows of read.rows) await drafter.run([{ state, rows: [rows] }]);
      const grow = { root: read.first, shape: SHAPE };
      const [tree] = (await drafter.run([{ state, rows: [], grow }])) as [DraftTree];
      read.sequence.dispose();
      return { ...read, tree, draftCache: draft.cacheRows(length) };
    };
    const whole = await readBy(length);
    const [all] = whole.pieces as [Piece];
    for (const chunk of CHUNKS) {
      const parts = await readBy(chunk);
      let from = 0;
      const name = `${one.name} in chunks of ${chunk}`;
      for (const { features: got, columns } of parts.pieces) {
        const { data, count, width } = got;
        const expected = all.features.data.subarray(from * width, (from + count) * width);
        features.equal(sameBits(data, expected), name, count);
        const wanted = columnFloats(all.columns, from, count, layers);
        cache.equal(sameBits(columnFloats(columns, 0, count, layers), wanted), name, count);
        from += count;
      }
      for (const part of ['keys', 'values'] as const) {
        const expected = whole.draftCache[part];
        draftCache.equal(sameBits(parts.draftCache[part], expected), `${part} of ${name}`, length);
      }
      trees.equal(sameTrees(parts.tree, whole.tree), name);
    }
  }
  await draft.dispose();
  const common = { against: 'one pass, bit for bit', bound: EQUAL, unit: 'rows' };
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

/** What a pass gave of a piece of a prompt. */
interface Piece {
  readonly features: Rows;
  readonly columns: CacheRows;
}

interface ReadChunks {
  readonly sequence: Sequence;
  readonly pieces: readonly Piece[];
  readonly rows: readonly DraftRows[];
  /** The greedy token after the prompt. */
  readonly first: number;
}

/** Reads a prompt in chunks of so many rows, those of more than a block cut at blocks, as the engine does. */
async function readChunks(
  { model: { target }, newestColumns }: OpenModel,
  prompt: PreparedPrompt,
  chunk: number,
): Promise<ReadChunks> {
  const sequence = target.open();
  const forwards: Forward[] = [];
  const pieces: Piece[] = [];
  while (sequence.length < prompt.ids.length) {
    const { length } = sequence;
    const left = prompt.ids.length - length;
    const whole = length === 0 && chunk >= left;
    const count = whole ? left : pieceRows(length, left, chunk);
    const step = promptStep(sequence, prompt, sequence.length + count, 'best');
    const [forward] = (await target.forward([step])) as [Forward];
    sequence.commit(forward, consecutive(count));
    forwards.push(forward);
    pieces.push({ features: await target.read(forward.rows), columns: newestColumns() });
  }
  const first = forwards.at(-1)?.best[0] as number;
  let from = 0;
  const rows = forwards.map(({ rows }) => {
    const read = promptDraftRows(prompt, from, rows, first);
    from += rows.count;
    return read;
  });
  return { sequence, pieces, rows, first };
}
