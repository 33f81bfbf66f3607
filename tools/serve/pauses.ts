/**
 * `npm run check:pauses`: clients stream from the built `msd serve` while long prompts arrive, one after the other. What is
 * judged is how long they wait between two arrivals of words: the 99th percentile while a prompt is read, over the median
 * without one and over that while one is read. In the end each long prompt is read again, by itself. Exits 1 where either
 * ratio is more than `--most`, or where other words come of a prompt that was read in company.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from '@commander-js/extra-typings';
import { serveMsd } from '../../src/serve/testing/serve-msd.ts';
import { hearWords } from './hear-words.ts';

const options = new Command('check:pauses')
  .description('Times the pauses between words while long prompts arrive.')
  .option('--model <folder>', 'the model; default: the embedded pair')
  .option('--precision <name>', 'as msd serve takes it')
  .option('--clients <n>', 'how many stream', Number, 16)
  .option('--prompts <n>', 'long prompts', Number, 3)
  .option('--words <n>', 'of a long prompt, most of them two tokens', Number, 1000)
  .option('--plain', 'nothing is drafted')
  .option('--most <ratio>', 'that may be', Number, 3)
  .parse()
  .opts();

/** Arrivals at each client before anything is timed. */
const WARM = 15;
/** Milliseconds without a long prompt. */
const QUIET = 6000;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const plain = options.plain === true;
const sampling = { temperature: 0, ignore_eos: true, msd: { plain } };
/** The prompt is read, whatever was read before. */
const longBody = (index: number) => ({
  ...{ ...sampling, prompt: longText(index), max_tokens: 16, msd: { plain, forget: 'all' } },
});

/** No two prompts begin alike, so that none is read already. */
const longText = (index: number): string =>
  Array.from({ length: options.words }, (_, at) => `${(at * 7919 + index * 104_729) % 10}`).join(
    ' ',
  );

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Pauses that ended in one of the spans, ascending. */
function pausesIn(spans: readonly Span[], clients: readonly (readonly number[])[]): number[] {
  const within = (at: number) => spans.some(({ from, to }) => at > from && at <= to);
  return clients
    .flatMap((arrivals) =>
      arrivals.slice(1).flatMap((at, index) => (within(at) ? [at - (arrivals[index] ?? at)] : [])),
    )
    .sort((a, b) => a - b);
}

const told = (pauses: readonly number[]): string =>
  `${pauses.length} pauses, p50 ${quantile(pauses, 0.5).toFixed(0)} ms, p99 ${quantile(pauses, 0.99).toFixed(0)}, longest ${(pauses.at(-1) ?? 0).toFixed(0)}`;

async function main(): Promise<number> {
  const { model, precision, clients } = options;
  const server = await serveMsd([
    ...(model === undefined ? [] : ['--model', model]),
    ...(precision === undefined ? [] : ['--precision', precision]),
    ...['--parallel', String(clients + 1)],
  ]);
  try {
    return await judge(`${server.url}/v1/completions`);
  } finally {
    await server.stop();
  }
}

async function judge(address: string): Promise<number> {
  const { clients, prompts, most } = options;
  const arrivals: number[][] = Array.from({ length: clients }, () => []);
  const done = new AbortController();
  /** One ends at the context's end and asks on. */
  const stream = async (at: number) => {
    for (let turn = 0; !done.signal.aborted; turn += 1) {
      const prompt = `Story ${at} of ${turn}. Once upon a time`;
      const body = { prompt, max_tokens: 600, ...sampling };
      const note = (ms: number) => void arrivals[at]?.push(ms);
      await hearWords(address, body, note, done.signal).catch((error: unknown) => {
        if (!done.signal.aborted) throw error;
      });
    }
  };
  const streams = Promise.all(arrivals.map((_, at) => stream(at)));
  const heard = (async () => {
    while (arrivals.some(({ length }) => length < WARM)) await sleep(50);
    const quiet: Span[] = [];
    const reading: Span[] = [];
    const texts: string[] = [];
    for (let index = 0; index < prompts; index += 1) {
      const start = performance.now();
      await sleep(QUIET);
      const asked = performance.now();
      let end = asked;
      const { promptTokens, text } = await hearWords(address, longBody(index), (at) => {
        if (end === asked) end = at; // it was read, and writes as others do
      });
      texts.push(text);
      quiet.push({ from: start, to: asked });
      reading.push({ from: asked, to: end });
      say(`a prompt of ${promptTokens} tokens: ${((end - asked) / 1000).toFixed(1)} s`);
    }
    return { quiet: pausesIn(quiet, arrivals), reading: pausesIn(reading, arrivals), texts };
  })();
  const { quiet, reading, texts } = (await Promise.race([
    heard,
    streams.then(() => heard),
  ])) as Awaited<typeof heard>;
  done.abort();
  await streams;
  let differ = 0;
  for (const [index, text] of texts.entries()) {
    if ((await hearWords(address, longBody(index))).text !== text) differ += 1;
  }
  say(`without a long prompt: ${told(quiet)}`);
  say(`while one is read:     ${told(reading)}`);
  const longest = quantile(reading, 0.99);
  const ratios = [longest / quantile(reading, 0.5), longest / quantile(quiet, 0.5)];
  say(`p99 over p50: ${ratios[0]?.toFixed(2)}; over the p50 without: ${ratios[1]?.toFixed(2)}`);
  say(`${texts.length} long prompts read again alone: ${differ} differ`);
  return ratios.every((ratio) => ratio <= most) && differ === 0 ? 0 : 1;
}

process.exitCode = await main();
