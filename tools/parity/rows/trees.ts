import type { Drafter, DraftRows, DraftTree } from '../../../src/contracts/drafter.ts';
import type { Forward, Sequence, Target } from '../../../src/contracts/target.ts';
import { runRound } from '../../../src/decode/round.ts';
import { createPicker } from '../../../src/decode/sample.ts';
import { treeStep } from '../../../src/decode/tree-step.ts';
import { verify } from '../../../src/decode/verify.ts';
import { officialTree } from '../../../src/draft/testing/official-tree.ts';
import { serveAlone } from '../../../src/engine/answer/serve-alone.ts';
import { type GoldenRound, goldenNumbers, layoutCases, tinyCases } from '../golden-cases.ts';
import type { Lab } from '../lab.ts';
import { EQUAL, type Line } from '../line.ts';
import { preparedCase } from '../prepared-case.ts';
import { readPromptWhole } from '../read-prompt-whole.ts';
import { sameTrees } from '../same-trees.ts';
import { createTally, figures, sameNumbers, type Tally } from '../tally.ts';
import { createScoredGrowth, differsOnlyAtCut, type ScoredGrowth } from '../tree-scores.ts';
import { openWatchedDraft } from '../watched-draft.ts';

/** The paper's tree. */
const SHAPE = { total: 59, depth: 5, topK: 10 };
const GREEDY = createPicker({ temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 });

interface Tallies {
  readonly official: Tally;
  readonly verdicts: Tally;
  readonly shipped: Tally;
  readonly words: Tally;
}

/**
 * Every tree of every recorded round, driven as the published loop with stopping off. The official rule for ties is
 * followed to the letter by `officialTree`; beside it stands the tree that the product grows from the same state.
 */
export async function trees(lab: Lab): Promise<Line[]> {
  const open = await lab.open('tiny');
  const draft = await openWatchedDraft(open);
  const official = createScoredGrowth(officialTree);
  const shipped = createScoredGrowth();
  const drafters = {
    official: draft.drafter(official.grow),
    shipped: draft.drafter(shipped.grow),
  };
  const tallies: Tallies = {
    official: createTally(),
    verdicts: createTally(),
    shipped: createTally(),
    words: createTally(),
  };
  let ties = 0;
  for (const one of [...tinyCases(), ...layoutCases()]) {
    const prompt = await preparedCase(open.model, one, goldenNumbers(one.set));
    const { sequence, first, rows } = await readPromptWhole(open.model.target, prompt);
    const rounds = one.tree === null ? one.rounds : [one.tree];
    ties += await followRounds(
      { target: open.model.target, sequence, root: first, rows, drafters },
      rounds,
      { official, shipped },
      one.name,
      tallies,
    );
    sequence.dispose();
  }
  await draft.dispose();
  const against = 'official draft code';
  const tieNote =
    'at a tie torch.topk may keep a child without its parent, which is then hung elsewhere; the product keeps the older node';
  return [
    {
      what: 'trees, official tie rule, node for node',
      against,
      bound: EQUAL,
      unit: 'trees',
      ...figures(tallies.official),
    },
    {
      what: 'accepted path and bonus token',
      against,
      bound: EQUAL,
      unit: 'rounds',
      ...figures(tallies.verdicts),
    },
    {
      what: 'trees as shipped, but where scores tie at the cut',
      against,
      bound: EQUAL,
      unit: 'trees',
      ...figures(tallies.shipped),
      notes: [...tallies.shipped.notes, `${ties} differ by ties alone: ${tieNote}`],
    },
    {
      what: 'accepted tokens and bonus, trees as shipped',
      against,
      bound: EQUAL,
      unit: 'rounds',
      ...figures(tallies.words),
    },
  ];
}

interface Start {
  readonly target: Target;
  readonly sequence: Sequence;
  readonly root: number;
  readonly rows: DraftRows;
  readonly drafters: { readonly official: Drafter; readonly shipped: Drafter };
}

/** Plays the recorded rounds and returns how many shipped trees differ by ties alone. */
async function followRounds(
  start: Start,
  rounds: readonly (Pick<GoldenRound, 'tokens' | 'parents'> & Partial<GoldenRound>)[],
  scores: { readonly official: ScoredGrowth; readonly shipped: ScoredGrowth },
  name: string,
  tallies: Tallies,
): Promise<number> {
  const { target, sequence, drafters } = start;
  const draft = drafters.official.open();
  const own = drafters.shipped.open();
  let [root, ties] = [start.root, 0];
  let unread: readonly DraftRows[] = [start.rows];
  for (const [index, golden] of rounds.entries()) {
    const label = `${name}, round ${index + 1}`;
    const grow = { root, shape: SHAPE };
    const [grown] = (await drafters.shipped.run([{ state: own, rows: unread, grow }])) as [
      DraftTree,
    ];
    const position = sequence.length;
    const [judged] = (await target.forward([treeStep(sequence, grown, position, 'best')])) as [
      Forward,
    ];
    const ownVerdict = verify(grown, (node) => judged.best[node] as number);
    const common = { sequence, root, position, picker: GREEDY };
    const round = await serveAlone(
      runRound({
        ...common,
        draft: { drafter: drafters.official, state: draft },
        unread,
        shape: SHAPE,
      }),
      { target },
    );

    tallies.official.equal(sameTrees(round.tree, golden), label);
    const same = sameTrees(grown, golden);
    if (!same) ties += 1;
    tallies.shipped.equal(
      same || differsOnlyAtCut(grown, golden, scores.shipped, scores.official),
      label,
    );
    if (golden.accepted !== undefined) {
      const { path, tokens, bonus } = round.accepted;
      const verdict = sameNumbers(path.subarray(1), golden.accepted) && bonus === golden.bonus;
      tallies.verdicts.equal(verdict, label);
      const words = sameNumbers(ownVerdict.tokens, tokens) && ownVerdict.bonus === bonus;
      tallies.words.equal(words, label);
    }
    root = round.accepted.bonus;
    unread = round.unread;
  }
  return ties;
}
