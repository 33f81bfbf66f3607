import { uniform } from '../../src/decode/uniform.ts';
import { drawnQuestion } from '../parity/family-prompts.ts';
import type { Findings } from './findings.ts';
import { runMixture } from './mixture.ts';
import { type Folders, type Format, type Network, openNetwork } from './network.ts';
import { type PlainText, readPlainly } from './plain-text.ts';
import { textsOf } from './text.ts';

/** Texts that run at a time. */
export const COMPANIES = [1, 2, 7, 16];
/** Prompts of a series, each with two continuations. */
const PROMPTS = 5;

/** Mixtures of one model at one format and number of threads. */
export interface Series {
  readonly folders: Folders;
  readonly format: Format;
  readonly threads: number;
  readonly mixtures: number;
  readonly seed: number;
}

export async function runSeries(
  { folders, format, threads, mixtures, seed }: Series,
  findings: Findings,
): Promise<void> {
  let draws = 0;
  const below = (n: number) => Math.floor(uniform(seed, draws++) * n);
  const network = await openNetwork(folders, format, threads);
  try {
    const texts = await plainTexts(network, below);
    for (let mixture = 0; mixture < mixtures; mixture += 1) {
      const company = COMPANIES[mixture % COMPANIES.length] as number;
      await runMixture(network, texts, company, below, findings);
    }
  } finally {
    await network.model.dispose();
  }
}

/** Drawn prompts, about up to three pictures of any size where the model sees any, read plainly. */
export async function plainTexts(
  network: Network,
  below: (n: number) => number,
): Promise<PlainText[]> {
  const { model } = network;
  const texts: PlainText[] = [];
  for (let prompt = 0; prompt < PROMPTS; ) {
    const pictures = model.pictures === null ? 0 : below(4);
    const messages = [await drawnQuestion(below(100_000), pictures)];
    const drawn = await textsOf(network, { messages }, below);
    for (const text of drawn) texts.push(await readPlainly(network, text));
    if (drawn.length > 0) prompt += 1;
  }
  return texts;
}
