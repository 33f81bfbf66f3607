import type { Forward, Sequence, Step, Target } from '../../../src/contracts/target.ts';
import { rootTree } from '../../../src/decode/tree-shape.ts';
import { treeStep } from '../../../src/decode/tree-step.ts';
import { uniform } from '../../../src/decode/uniform.ts';
import type { PreparedPrompt } from '../../../src/engine/answer/read-prompt.ts';
import { largestDifference } from '../../../src/input/node/testing/read-goldens.ts';
import { cacheDifference } from '../cache-difference.ts';
import { familyCases, goldenNumbers, layoutCases, tinyCases } from '../golden-cases.ts';
import type { Lab } from '../lab.ts';
import { type Line, most } from '../line.ts';
import { preparedCase } from '../prepared-case.ts';
import { promptStep } from '../prompt-rows.ts';
import { createTally, figures } from '../tally.ts';

const BATCHES = 24;

/** Two to four sequences in one pass, prompts, trees and single tokens mixed, against a pass each. */
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
    const { decoder } = open.model.files.config;
    const prompts: PreparedPrompt[] = [];
    for (const one of cases)
      prompts.push(await preparedCase(open.model, one, goldenNumbers(one.set)));
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const steps: Step[] = [];
      for (let i = 2 + below(3); i > 0; i -= 1) {
        const prompt = prompts[below(prompts.length)] as PreparedPrompt;
        steps.push(await drawStep(target, prompt, below));
      }
      const joined = await target.forward(steps, 'logits');
      for (const [index, step] of steps.entries()) {
        const together = joined[index] as Forward;
        const [alone] = (await target.forward([step], 'logits')) as [Forward];
        const count = step.ids.length;
        rows.add(largestDifference(together.features.data, alone.features.data), count);
        rows.add(largestDifference(together.logits?.data ?? [], alone.logits?.data ?? []), 0);
        cache.add(cacheDifference(together.cache, 0, alone.cache, 0, count, decoder), count);
        const [next, expected] = [
          await goOn(target, step, together),
          await goOn(target, step, alone),
        ];
        after.add(largestDifference(next, expected));
        step.sequence.dispose();
      }
    }
  }
  const common = { against: 'a pass each', bound: most(1e-4) };
  return [
    {
      what: 'features and logits of 2 to 4 sequences at once',
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
  const read = kind === 0 ? below(length - 1) : length;
  if (read > 0) await readTo(target, sequence, prompt, read);
  if (kind === 0) {
    const heads = Int32Array.of(0, length - read - 1);
    return promptStep(sequence, prompt, length, heads);
  }
  const token = () => below(target.vocabSize);
  if (kind === 1) return treeStep(sequence, rootTree(token()), length);
  return treeStep(sequence, randomTree(2 + below(58), token, below), length);
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
  const step = promptStep(sequence, prompt, to, Int32Array.of(to - 1));
  const [forward] = (await target.forward([step], 'best')) as [Forward];
  sequence.commit(
    forward,
    step.ids.map((_, row) => row),
  );
}

/** Commits the path to a pass's last row and reads a token behind it; then the sequence is as before. */
async function goOn(target: Target, { sequence, parents }: Step, forward: Forward) {
  const before = sequence.length;
  const path: number[] = [];
  for (let row = parents.length - 1; row >= 0; row = parents[row] as number) path.unshift(row);
  sequence.commit(forward, Int32Array.from(path));
  const step = treeStep(sequence, rootTree(5), sequence.length);
  const [next] = (await target.forward([step], 'logits')) as [Forward];
  sequence.truncate(before);
  return next.logits?.data ?? [];
}
