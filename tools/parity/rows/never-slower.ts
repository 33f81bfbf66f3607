import type { Plan } from '../../../src/decode/plan.ts';
import type { DrafterName } from '../../../src/draft/drafters.ts';
import { median, quantile } from '../../../src/evaluate/spread.ts';
import { answerWith } from '../answer-with.ts';
import type { Lab, OpenModel } from '../lab.ts';
import { EQUAL, type Line, least } from '../line.ts';
import { drawnPrompts, type Prompt, validationPrompts } from '../prompts.ts';
import { createTally, figures, sameNumbers } from '../tally.ts';
import { writeUselessDraft } from '../useless-draft.ts';

const MAX_TOKENS = 128;
/** Answers of each kind in a pair. */
const TURNS = 5;

/**
 * Whether letting the planner choose costs anything: each prompt is answered plain and with the automatic tree, five
 * times each, in turns, with cold caches, in one process. A pair compares the fastest of each, since other programs only
 * ever add time. What the planner learnt is kept, as in an engine.
 */
export async function neverSlower(lab: Lab): Promise<Line[]> {
  const tiny = await lab.open('tiny');
  const folder = lab.tempFolder();
  await writeUselessDraft(tiny.settings.draft as string, folder);
  const useless = await lab.openWithDraft('tiny', folder);
  const prompts = [
    ...validationPrompts(lab.quick ? 6 : 20),
    ...(await drawnPrompts(lab.quick ? 6 : 20)),
  ];
  const texts = createTally();
  const lines: Line[] = [];
  const pairs: readonly [string, OpenModel, DrafterName][] = [
    ['msd', tiny, 'msd'],
    ['prompt-lookup', tiny, 'prompt-lookup'],
    ['a useless draft', useless, 'msd'],
  ];
  for (const [what, open, drafter] of pairs) {
    const { ratios, spread, drafted, rounds } = await series(open, drafter, prompts, (same, name) =>
      texts.equal(same, `${name} with ${what}`),
    );
    lines.push({
      what: `speed of the automatic tree, ${what}, median`,
      against: 'plain, interleaved',
      bound: least(0.97),
      worst: median(ratios),
      count: ratios.length,
      unit: 'pairs',
      notes: [`${spread}; ${drafted} of ${rounds} rounds drafted`],
    });
  }
  const control = await series(tiny, 'none', prompts, (same, name) =>
    texts.equal(same, `${name} a second time`),
  );
  return [
    ...lines,
    {
      what: 'texts of these pairs',
      against: 'plain',
      bound: EQUAL,
      unit: 'pairs',
      ...figures(texts),
      notes: [
        ...texts.notes,
        `for comparison, plain beside itself: median ${median(control.ratios).toFixed(3)}, ${control.spread}`,
      ],
    },
  ];
}

/** All prompts both ways, after a pair that is not counted. */
async function series(
  open: OpenModel,
  drafter: DrafterName,
  prompts: readonly Prompt[],
  check: (sameText: boolean, name: string) => void,
) {
  const ratios: number[] = [];
  const cpuRatios: number[] = [];
  let [drafted, rounds] = [0, 0];
  const plans = new Map<string, Plan>();
  await bothWays(open, drafter, prompts[0] as Prompt, 0, new Map());
  for (const [index, prompt] of prompts.entries()) {
    const { plain, auto } = await bothWays(open, drafter, prompt, index, plans);
    ratios.push(plain.ms / auto.ms);
    cpuRatios.push(plain.cpuMs / auto.cpuMs);
    drafted += auto.drafted;
    rounds += auto.rounds;
    check(sameNumbers(plain.ids, auto.ids), prompt.name);
  }
  const [low, high] = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
  const spread = `middle half ${low.toFixed(3)} to ${high.toFixed(3)}, by CPU time ${median(cpuRatios).toFixed(3)}`;
  return { ratios, spread, drafted, rounds };
}

interface Runs {
  ids: readonly number[];
  ms: number;
  cpuMs: number;
  rounds: number;
  /** Rounds with a tree. */
  drafted: number;
}

const unanswered = (): Runs => ({ ids: [], ms: Infinity, cpuMs: Infinity, rounds: 0, drafted: 0 });

/** Plain, automatic, automatic, plain, …, or the reverse: what drifts meanwhile falls on both alike. */
async function bothWays(
  open: OpenModel,
  drafter: DrafterName,
  { messages }: Prompt,
  index: number,
  plans: Map<string, Plan>,
) {
  const [plain, auto] = [unanswered(), unanswered()];
  const [first, second] = index % 2 === 0 ? [plain, auto] : [auto, plain];
  const turns = [first, second, second, first];
  const runs = Array.from({ length: 2 * TURNS }, (_, turn) => turns[turn % 4] as Runs);
  for (const run of runs) {
    const options = { messages, maxTokens: MAX_TOKENS, drafter: run === plain ? 'none' : drafter };
    const [start, before] = [performance.now(), process.cpuUsage()];
    const { ids, rounds } = await answerWith(open, options, { plans });
    run.ms = Math.min(run.ms, performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    run.cpuMs = Math.min(run.cpuMs, (user + system) / 1000);
    run.ids = ids;
    run.rounds += rounds.length;
    run.drafted += rounds.filter(({ nodes }) => nodes > 1).length;
  }
  return { plain, auto };
}
