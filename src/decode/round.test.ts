import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftRows, DraftTree, TreeShape } from '../contracts/drafter.ts';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import type { Sampling } from '../contracts/generate.ts';
import type { Forward, Step, Target } from '../contracts/target.ts';
import { wordPositions } from './draft-rows.ts';
import { runRound } from './round.ts';
import { createPicker, type Picker } from './sample.ts';
import { type Guess, toyDrafter } from './testing/toy-drafter.ts';
import { type ToyLanguage, toyLanguage } from './testing/toy-language.ts';
import { GREEDY, serve, toyRun } from './testing/toy-run.ts';
import { toyTarget } from './testing/toy-target.ts';
import { PLAIN } from './tree-shape.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

/** Drafters from all-knowing to hopeless. */
const guesses = (language: ToyLanguage): Record<string, Guess> => {
  const { vocab, order } = language;
  const other = toyLanguage(vocab, order, 77, 8);
  return {
    oracle: language.logits,
    noisy: (context) => {
      const noise = other.logits(context);
      return language.logits(context).map((logit, id) => logit + 0.5 * (noise[id] as number));
    },
    stranger: other.logits,
    repeating: (context) =>
      Float32Array.from({ length: vocab }, (_, id) => (id === context.at(-1) ? 9 : 0)),
    'half masked': (context) =>
      language.logits(context).map((logit, id) => (id % 2 ? logit : -Infinity)),
    silent: () => new Float32Array(vocab).fill(-Infinity),
  };
};

const cases = fc.record({
  vocab: fc.integer({ min: 2, max: 9 }),
  order: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(1e6),
  drafter: fc.constantFrom('oracle', 'noisy', 'stranger', 'repeating', 'half masked', 'silent'),
  topK: fc.integer({ min: 1, max: 9 }),
  shapes: fc.array(
    fc.record({
      total: fc.integer({ min: 1, max: 24 }),
      depth: fc.integer({ min: 0, max: 5 }),
      topK: fc.integer({ min: 1, max: 6 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  prompt: fc.array(fc.nat(1), { minLength: 1, maxLength: 6 }),
  tokens: fc.integer({ min: 1, max: 40 }),
});

const samplings: fc.Arbitrary<Sampling> = fc.record({
  temperature: fc.constantFrom(0.5, 1, 1.6),
  topK: fc.constantFrom(0, 3),
  topP: fc.constantFrom(1, 0.8),
  minP: fc.constantFrom(0, 0.1),
  seed: fc.integer(),
});

/** Plain and speculative text of one toy case, at most one context long. */
async function bothWays(
  drawn: typeof cases extends fc.Arbitrary<infer T> ? T : never,
  sampling: Sampling,
) {
  const { vocab, order, seed, drafter, topK, shapes, prompt, tokens } = drawn;
  const language = toyLanguage(vocab, order, seed, 8);
  const target = toyTarget(language, prompt.length + tokens - 1);
  const guess = guesses(language)[drafter] as Guess;
  const common = { target, prompt, tokens, sampling };
  const plain = await toyRun({ ...common, drafter: null, shape: () => PLAIN });
  const speculative = await toyRun({
    ...common,
    drafter: toyDrafter(guess, topK, target.read),
    shape: (round) => shapes[round % shapes.length] as TreeShape,
  });
  return { plain, speculative };
}

describe('speculative rounds write the text of plain decoding, exactly as long', () => {
  it('when greedy', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const { plain, speculative } = await bothWays(drawn, GREEDY);
        expect(speculative.ids).toEqual(plain.ids);
        expect(plain.ids).toHaveLength(drawn.tokens);
      }),
      { numRuns },
    );
  });

  it('when sampling at the same seed', async () => {
    await fc.assert(
      fc.asyncProperty(cases, samplings, async (drawn, sampling) => {
        const { plain, speculative } = await bothWays(drawn, sampling);
        expect(speculative.ids).toEqual(plain.ids);
      }),
      { numRuns },
    );
  });
});

describe('runRound', () => {
  const language = toyLanguage(8, 3, 5, 8);
  const shape = { total: 12, depth: 3, topK: 3 };

  it('gains depth + 2 tokens a round from a draft that knows the target', async () => {
    const certain = toyLanguage(8, 3, 5, 100);
    const target = toyTarget(certain);
    const { rounds } = await toyRun({
      target,
      drafter: toyDrafter(certain.logits, 8, target.read),
      prompt: [1, 2],
      tokens: 51,
      sampling: GREEDY,
      shape: () => ({ total: 40, depth: 3, topK: 8 }),
    });
    expect(rounds).toHaveLength(10);
  });

  /** A fresh request after a prompt of three tokens. */
  async function opened(target: Target) {
    const sequence = target.open();
    const ids = Int32Array.of(1, 2, 3);
    const rows = Int32Array.of(0, 1, 2);
    const forward = await forwardOne(target, {
      sequence,
      ids,
      parents: Int32Array.of(-1, 0, 1),
      positions: wordPositions(3, 0),
      heads: Int32Array.of(2),
      want: 'best',
    });
    sequence.commit(forward, rows);
    const root = forward.best[0] as number;
    const drafter = toyDrafter(language.logits, 8, target.read);
    return {
      sequence,
      draft: { drafter, state: drafter.open() },
      unread: [{ next: Int32Array.of(2, 3, root), from: forward.rows, at: rows }],
      root,
      position: 3,
      shape,
      picker: createPicker(GREEDY),
    };
  }

  async function forwardOne(target: Target, step: Step): Promise<Forward> {
    const [forward] = await target.forward([step]);
    if (forward === undefined) throw new Error('no pass');
    return forward;
  }

  it('leaves the draft alone in a plain round, and hands its rows on', async () => {
    const target = toyTarget(language);
    const input = await opened(target);
    const first = await serve(runRound({ ...input, shape: PLAIN }), target);
    expect(input.draft.state.length).toBe(0);
    expect(first.unread).toHaveLength(2);
    const { bonus } = first.accepted;
    const next = { ...input, unread: first.unread, root: bonus, position: 4 };
    const second = await serve(runRound(next), target);
    expect(input.draft.state.length).toBe(4);
    expect(second.unread).toHaveLength(1);
  });

  it('hands on the kept rows of its pass, and the tokens that follow them', async () => {
    const target = toyTarget(language);
    const input = await opened(target);
    const { tree, accepted, unread } = await serve(runRound(input), target);
    const [rows] = unread as [DraftRows];
    expect(accepted.tokens.length).toBeGreaterThan(0);
    expect([...rows.next]).toEqual([...accepted.tokens, accepted.bonus]);
    const read = [...(await target.read(rows.from, rows.at)).data];
    expect(read).toEqual([...accepted.path].map((node) => tree.tokens[node]));
  });

  it('keeps no rows where nothing drafts', async () => {
    const target = toyTarget(language);
    const round = await serve(runRound({ ...(await opened(target)), draft: null }), target);
    expect(round.unread).toEqual([]);
    expect([...round.tree.parents]).toEqual([-1]);
  });

  it('asks for one tree and one pass, in this order', async () => {
    const target = toyTarget(language);
    const input = await opened(target);
    const round = runRound(input);
    const draft = round.next();
    if (draft.done || draft.value.type !== 'draft') throw new Error('no need of a draft');
    const { drafter, job } = draft.value;
    const { root, unread } = input;
    expect(job).toEqual({ state: input.draft.state, rows: unread, grow: { root, shape } });
    const [tree] = (await drafter.run([job])) as [DraftTree];
    const pass = round.next(tree);
    if (pass.done || pass.value.type !== 'target') throw new Error('no need of a pass');
    expect(pass.value.step.ids).toEqual(tree.tokens);
    expect(input.sequence.length, 'before the reply').toBe(3);
    const done = round.next(await forwardOne(target, pass.value.step));
    expect(done.done).toBe(true);
    expect(input.sequence.length).toBeGreaterThan(3);
  });

  it('commits nothing of a pass that is not finite', async () => {
    const target = toyTarget(language);
    const input = await opened(target);
    const broken: Target = {
      ...target,
      forward: async (steps) =>
        (await target.forward(steps)).map((forward) => ({
          ...forward,
          fault: new NonFiniteFeatureError('NaN'),
        })),
    };
    await expect(serve(runRound(input), broken)).rejects.toThrow(NonFiniteFeatureError);
    expect(input.sequence.length).toBe(3);
  });

  it('asks for logits only when sampling, or where logprobs are told', async () => {
    const wants: string[] = [];
    const target = toyTarget(language);
    const input = await opened(target);
    const watched: Target = {
      ...target,
      forward: (steps) => {
        wants.push(...steps.map(({ want }) => want));
        return target.forward(steps);
      },
    };
    const { accepted, unread } = await serve(runRound(input), watched);
    const sampling = { ...GREEDY, temperature: 1 };
    const next = { ...input, unread, root: accepted.bonus, position: input.sequence.length };
    await serve(runRound({ ...next, picker: createPicker(sampling) }), watched);
    expect(wants).toEqual(['best', 'logits']);
    expect(createPicker(GREEDY, 0).want).toBe('logits');
  });

  it('tells the picker the drafted tokens that lead to a node, and where its own would stand', async () => {
    const target = toyTarget(language);
    const input = await opened(target);
    const asked: { position: number; path: readonly number[] }[] = [];
    const greedy = createPicker(GREEDY);
    const picker: Picker = {
      ...greedy,
      pick: (forward, head, position, path) => {
        asked.push({ position, path: [...path] });
        return greedy.pick(forward, head, position, path);
      },
    };
    const { accepted } = await serve(runRound({ ...input, picker }), target);
    const nodes = [...accepted.path.keys()];
    expect(asked).toEqual(
      nodes.map((i) => ({ position: 4 + i, path: [...accepted.tokens.subarray(0, i)] })),
    );
  });
});
