import type { Forward, Sequence, Step, Target } from '../../../src/contracts/target.ts';
import { rootTree } from '../../../src/decode/tree-shape.ts';
import { treeStep } from '../../../src/decode/tree-step.ts';
import { uniform } from '../../../src/decode/uniform.ts';
import type { PreparedPrompt } from '../../../src/engine/answer/read-prompt.ts';
import { consecutive } from '../../../src/model/consecutive.ts';
import { columnFloats } from '../column-bits.ts';
import { familyCases, goldenNumbers, layoutCases, tinyCases } from '../golden-cases.ts';
import type { Lab } from '../lab.ts';
import { EQUAL, type Line } from '../line.ts';
import { preparedCase } from '../prepared-case.ts';
import { promptStep } from '../prompt-rows.ts';
import { sameBits } from '../same-bits.ts';
import { createTally, figures } from '../tally.ts';

const BATCHES = 24;
const SIZES = [2, 3, 4, 7, 16];

/** Two to sixteen sequences in one pass, ends of prompts, trees and single tokens mixed, against a pass each. */
export async function batches(lab: Lab): Promise<Line[]> {
  const rows = createTally();
  const cache = createTally();
  const after = createTally();
  let draws = 0;
  const below = (n: number) => Math.floor(uniform(59, draws++) * n);
  const sets = [
    { name: 'tiny', cases: [...tinyCases(), ...layoutCases()] },
    { name: 'llava-gqa', cases: familyCases() },
  ] as const;
  for (const { name, cases } of sets) {
    const open = await lab.open(name);
    const { target } = open.model;
    const { layers } = open.model.info;
    const prompts: PreparedPrompt[] = [];
    for (const one of cases)
      prompts.push(await preparedCase(open.model, one, goldenNumbers(one.set)));
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const steps: Step[] = [];
      for (let i = SIZES[batch % SIZES.length] as number; i > 0; i -= 1) {
        const prompt = prompts[below(prompts.length)] as PreparedPrompt;
        steps.push(await drawStep(target, prompt, below));
      }
      const texts = steps.map(({ sequence }) => sequence);
      const lengths = texts.map(({ length }) => length);
      const joined = await target.forward(steps);
      const columns = open.newestColumns();
      // Each is committed before the next pass, and then goes on, again all in one pass.
      for (const [index, step] of steps.entries()) {
        step.sequence.commit(joined[index] as Forward, pathToLast(step));
      }
      const behind = await target.forward(texts.map(nextToken));
      let first = 0;
      for (const [index, step] of steps.entries()) {
        const [together, next] = [joined[index] as Forward, behind[index] as Forward];
        const count = step.ids.length;
        const what = `${name}, batch ${batch + 1}, text ${index + 1}`;
        step.sequence.truncate(lengths[index] as number);
        const [alone] = (await target.forward([step])) as [Forward];
        const [got, expected] = [await target.read(together.rows), await target.read(alone.rows)];
        rows.equal(sameBits(got.data, expected.data), `features of ${what}`, count);
        rows.equal(sameBits(together.logits?.data, alone.logits?.data), `logits of ${what}`, 0);
        const own = columnFloats(columns, first, count, layers);
        const wanted = columnFloats(open.newestColumns(), 0, count, layers);
        cache.equal(sameBits(own, wanted), what, count);
        step.sequence.commit(alone, pathToLast(step));
        const [afterwards] = (await target.forward([nextToken(step.sequence)])) as [Forward];
        after.equal(sameBits(next.logits?.data, afterwards.logits?.data), what);
        step.sequence.dispose();
        first += count;
      }
    }
  }
  const common = { against: 'a pass each, bit for bit', bound: EQUAL };
  return [
    {
      what: 'features and logits of 2 to 16 sequences at once',
      ...common,
      unit: 'rows',
      ...figures(rows),
    },
    { what: 'keys and values of them', ...common, unit: 'rows', ...figures(cache) },
    { what: 'logits of a token after committing them', ...common, unit: 'rows', ...figures(after) },
  ];
}

/** The rest of a prompt, a token after it, or a random tree after it. */
async function drawStep(
  target: Target,
  prompt: PreparedPrompt,
  below: (n: number) => number,
): Promise<Step> {
  const sequence = target.open();
  const { length } = prompt.ids;
  const kind = below(3);
  // What is left of a prompt fits into a step.
  const read = kind === 0 ? length - 2 - below(Math.min(62, length - 2)) : length;
  if (read > 0) await readTo(target, sequence, prompt, read);
  if (kind === 0) {
    const heads = Int32Array.of(0, length - read - 1);
    return promptStep(sequence, prompt, length, 'logits', heads);
  }
  const token = () => below(target.vocabSize);
  if (kind === 1) return treeStep(sequence, rootTree(token()), length, 'logits');
  return treeStep(sequence, randomTree(2 + below(58), token, below), length, 'logits');
}

function randomTree(total: number, token: () => number, below: (n: number) => number) {
  const tokens = Int32Array.from({ length: total }, token);
  const parents = tokens.map((_, node) => (node === 0 ? -1 : below(node)));
  const depths = new Int32Array(total);
  for (let node = 1; node < total; node += 1)
    depths[node] = (depths[parents[node] as number] as number) + 1;
  return { tokens, parents, depths };
}

async function readTo(target: Target, sequence: Sequence, prompt: PreparedPrompt, to: number) {
  const [forward] = (await target.forward([promptStep(sequence, prompt, to, 'best')])) as [Forward];
  sequence.commit(forward, consecutive(to));
}

/** The path to a step's last row. */
function pathToLast({ parents }: Step): Int32Array {
  const path: number[] = [];
  for (let row = parents.length - 1; row >= 0; row = parents[row] as number) path.unshift(row);
  return Int32Array.from(path);
}

/** A token behind a text. */
const nextToken = (sequence: Sequence): Step =>
  treeStep(sequence, rootTree(5), sequence.nextPosition, 'logits');
