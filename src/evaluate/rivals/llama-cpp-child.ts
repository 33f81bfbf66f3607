/**
 * Entry of the process that llama.cpp runs in: it tries threads with and without flash attention on the opening's
 * prompt, keeps the fastest, and answers plainly and by its own prompt lookup.
 */
import { createInterface } from 'node:readline';
import {
  LLAMA_VERSION,
  type LlamaContext,
  type LlamaModel,
  type LlamaSequence,
  openLlama,
} from './llama-module.ts';
import type { RivalAnswer, RivalOpening, TriedSetting } from './rival.ts';

export interface LlamaOpening extends RivalOpening {
  /** Of node-llama-cpp. */
  readonly entry: string;
  readonly gguf: string;
}

interface Setting {
  readonly threads: number;
  readonly flashAttention: boolean;
}

/** Tokens of a trial, and how many trials; the first also warms up. */
const TRIAL = { tokens: 24, turns: 3 };

const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
const say = (message: object) => void process.stdout.write(`${JSON.stringify(message)}\n`);

async function serve({ entry, gguf, prompt, end, threads, contextSize }: LlamaOpening) {
  const { model, lookup } = await openLlama(entry, gguf);
  const ends = new Set(end);
  const { best, tried } = await fastest(model, { prompt, ends, threads, contextSize });
  const open = () => model.createContext({ contextSize, ...best });
  const predictor = lookup();
  const plain = (await open()).getSequence();
  const looking = (await open()).getSequence({ tokenPredictor: predictor });
  const runs = `node-llama-cpp ${LLAMA_VERSION}, ${model.typeDescription}, ${settingText(best)}`;
  say({
    ways: [
      { name: 'llama.cpp', runs },
      { name: 'llama.cpp, prompt lookup', runs: `${runs}, its own prompt lookup` },
    ],
    tried,
  });
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const { way, prompt, maxTokens } = JSON.parse(next.value);
    if (way === 1) predictor.updateInputTokens(prompt);
    say(await answer(way === 1 ? looking : plain, prompt, maxTokens, ends));
  }
  await model.dispose();
}

/** Greedy, as the runtime writes one by one. */
async function answer(
  sequence: LlamaSequence,
  prompt: readonly number[],
  maxTokens: number,
  ends: ReadonlySet<number>,
): Promise<RivalAnswer> {
  await sequence.clearHistory();
  const [ids, times]: [number[], number[]] = [[], []];
  const start = performance.now();
  for await (const id of sequence.evaluate([...prompt], { temperature: 0, yieldEogToken: true })) {
    ids.push(id);
    times.push(performance.now() - start);
    if (ids.length >= maxTokens || ends.has(id)) break;
  }
  return { ids, times, residentBytes: process.memoryUsage().rss };
}

interface Sweep {
  readonly prompt: readonly number[];
  readonly ends: ReadonlySet<number>;
  readonly threads: number;
  readonly contextSize: number;
}

/** The setting whose fastest trial took least for the whole answer; trials go by turns. */
async function fastest(
  model: LlamaModel,
  { prompt, ends, threads, contextSize }: Sweep,
): Promise<{ best: Setting; tried: TriedSetting[] }> {
  const settings = threadCounts(threads).flatMap((threads) =>
    [false, true].map((flashAttention): Setting => ({ threads, flashAttention })),
  );
  const trials: { context: LlamaContext; sequence: LlamaSequence; answers: RivalAnswer[] }[] = [];
  for (const setting of settings) {
    const context = await model.createContext({ contextSize, ...setting });
    trials.push({ context, sequence: context.getSequence(), answers: [] });
  }
  for (let turn = 0; turn < TRIAL.turns; turn++) {
    for (const { sequence, answers } of trials)
      answers.push(await answer(sequence, prompt, TRIAL.tokens, ends));
  }
  const totals = trials.map(({ answers }) =>
    Math.min(...answers.map(({ times }) => (times.at(-1) as number) / times.length)),
  );
  for (const { context } of trials) await context.dispose();
  return {
    best: settings[totals.indexOf(Math.min(...totals))] as Setting,
    tried: trials.map(({ answers }, at) => ({
      setting: settingText(settings[at] as Setting),
      firstTokenMs: Math.min(...answers.map(({ times }) => times[0] as number)),
      tokenMs: Math.min(...answers.map(tokenMs)),
    })),
  };
}

/** 1, 2, 4 … and all. */
function threadCounts(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

const tokenMs = ({ times }: RivalAnswer): number =>
  ((times.at(-1) as number) - (times[0] as number)) / Math.max(1, times.length - 1);

const settingText = ({ threads, flashAttention }: Setting): string =>
  `${threads} ${threads === 1 ? 'thread' : 'threads'}, flash attention ${flashAttention ? 'on' : 'off'}`;

const first = await lines.next();
if (!first.done) await serve(JSON.parse(first.value));
