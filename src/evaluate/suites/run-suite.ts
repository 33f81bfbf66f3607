import { MsdError } from '../../contracts/errors.ts';
import type { GenerateResult } from '../../contracts/generate.ts';
import type { MsdModel } from '../../load.ts';
import { characterErrors } from '../character-errors.ts';
import { countPair, pairFigures } from '../pair-figures.ts';
import { type Pair, pairedRuns } from '../paired-runs.ts';
import type { BenchPrompt } from '../prompt-set.ts';
import { isRight } from './judge.ts';
import type { Suite, SuiteItem } from './suite.ts';

/** What came of a question, asked plain and speculative. */
export interface Asked {
  /** Index of the item. */
  readonly item: number;
  readonly text: string;
  /** Null where nothing is judged; so are the next two. */
  readonly right: boolean | null;
  /** Whether what it names first is right: before any "or". */
  readonly firstRight: boolean | null;
  readonly speculativeRight: boolean | null;
  /** Of a page that is to be read: characters wrong, and all. */
  readonly characters?: { readonly errors: number; readonly of: number };
  /** Whether both texts are the same, token for token. */
  readonly same: boolean;
  /** Tokens that figures count. */
  readonly tokens: number;
  /** Target passes after prefill of the speculative answer. */
  readonly passes: number;
  /** Speculative tokens that figures count, and of each pass how many of them were guessed. */
  readonly ids: readonly number[];
  readonly acceptedPerPass: readonly number[];
  /** Plain's decode time over the speculative one's; null where nothing was decoded. */
  readonly speedUp: number | null;
  /** From the request to its last token, plain over speculative, the eye included. */
  readonly wholeSpeedUp: number;
}

/** A question that was refused, or that failed. */
export interface Failed {
  readonly item: number;
  readonly failure: string;
}

export const isAsked = (one: Asked | Failed): one is Asked => !('failure' in one);

export interface SuiteRun {
  readonly model: Pick<MsdModel, 'generate' | 'forget'>;
  readonly suite: Suite;
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

/** Asks every question of a suite both ways, by turns first. One that fails is told, and the next ones are asked. */
export async function* runSuite({
  model,
  suite,
  maxTokens,
  signal,
}: SuiteRun): AsyncGenerator<Asked | Failed, void, undefined> {
  const { items } = suite;
  const prompts = items.map(promptOf);
  const variant = { drafter: 'auto', tree: 'auto' } as const;
  const runs = { model, variant, repeats: 1, settings: { maxTokens }, signal };
  let [next, warmUp] = [0, true];
  while (next < items.length) {
    try {
      for await (const pair of pairedRuns({ ...runs, prompts: prompts.slice(next), warmUp })) {
        warmUp = false;
        const item = items[next];
        if (item !== undefined) yield { item: next, ...judgedPair(pair, item) };
        next += 1;
      }
      return;
    } catch (error) {
      if (!MsdError.is(error)) throw error;
      // Before the first pair two others may have failed, unmeasured.
      if (!warmUp) {
        yield { item: next, failure: error.message };
        next += 1;
      }
      warmUp = false;
    }
  }
}

function judgedPair(pair: Pair, item: SuiteItem): Omit<Asked, 'item'> {
  const counted = countPair(pair);
  const { speedUp, wholeSpeedUp } = pairFigures(counted);
  const said = saidOf(pair.plain, item);
  const isPage = 'reads' in item.answers;
  return {
    text: pair.plain.text,
    right: isRight(said, item),
    firstRight: isRight(isPage ? said : (said.split(/\bor\b/)[0] ?? ''), item),
    speculativeRight: isRight(saidOf(pair.speculative, item), item),
    ...('reads' in item.answers && { characters: characterErrors(item.answers.reads, said) }),
    same: counted.differsAt === null,
    tokens: counted.speculative.ids.length,
    passes: counted.speculative.passes,
    ids: counted.speculative.ids,
    acceptedPerPass: counted.speculative.acceptedPerPass,
    speedUp,
    wholeSpeedUp,
  };
}

function promptOf({ question, picture, name }: SuiteItem): BenchPrompt {
  if (picture === undefined) {
    return { name, images: 0, messages: [{ role: 'user', content: question }] };
  }
  const content = [
    { type: 'image', image: picture } as const,
    { type: 'text', text: question } as const,
  ];
  return { name, images: 1, messages: [{ role: 'user', content }] };
}

/** Of a page what was read of it, if something reads for the model; of all others the answer. */
function saidOf({ text, readings }: GenerateResult, { answers }: SuiteItem): string {
  if (!('reads' in answers) || readings === undefined) return text;
  return readings.map((reading) => reading.text).join('\n');
}
