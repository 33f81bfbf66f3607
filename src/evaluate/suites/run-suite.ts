import type { MsdModel } from '../../load.ts';
import { countPair, pairFigures } from '../pair-figures.ts';
import { pairedRuns } from '../paired-runs.ts';
import type { BenchPrompt } from '../prompt-set.ts';
import { isRight } from './judge.ts';
import type { Suite } from './suite.ts';

/** What came of a question, asked plain and speculative. */
export interface Asked {
  /** Index of the item. */
  readonly item: number;
  readonly text: string;
  readonly right: boolean;
  /** Whether what it names first is right: before any "or". */
  readonly firstRight: boolean;
  readonly speculativeRight: boolean;
  /** Whether both texts are the same, token for token. */
  readonly same: boolean;
  /** Tokens that figures count. */
  readonly tokens: number;
  /** Target passes after prefill of the speculative answer. */
  readonly passes: number;
  /** Plain's decode time over the speculative one's; null where nothing was decoded. */
  readonly speedUp: number | null;
  /** From the request to its last token, plain over speculative, the eye included. */
  readonly wholeSpeedUp: number;
}

export interface SuiteRun {
  readonly model: Pick<MsdModel, 'generate' | 'forget'>;
  readonly suite: Suite;
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

/** Asks every question of a suite both ways, by turns first. */
export async function* runSuite({
  model,
  suite,
  maxTokens,
  signal,
}: SuiteRun): AsyncGenerator<Asked, void, undefined> {
  const { items } = suite;
  const prompts = items.map(({ question, picture, name }): BenchPrompt => {
    const content = [
      { type: 'image', image: picture } as const,
      { type: 'text', text: question } as const,
    ];
    return { name, images: 1, messages: [{ role: 'user', content }] };
  });
  const variant = { drafter: 'auto', tree: 'auto' } as const;
  const settings = { maxTokens };
  const runs = { model, variant, prompts, repeats: 1, settings, signal, warmUp: items.length > 0 };
  for await (const pair of pairedRuns(runs)) {
    const item = items[pair.prompt];
    if (item === undefined) continue;
    const counted = countPair(pair);
    const { speedUp, wholeSpeedUp } = pairFigures(counted);
    const { text } = pair.plain;
    yield {
      item: pair.prompt,
      text,
      right: isRight(text, item),
      firstRight: isRight(text.split(/\bor\b/)[0] ?? '', item),
      speculativeRight: isRight(pair.speculative.text, item),
      same: counted.differsAt === null,
      tokens: counted.speculative.ids.length,
      passes: counted.speculative.passes,
      speedUp,
      wholeSpeedUp,
    };
  }
}
