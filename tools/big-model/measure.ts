/**
 * `npm run measure:big -- DIR`: loads a model in few bits, answers, and says how long it took and how much memory. Run it
 * twice: the first load converts, later ones map what it made.
 */
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { byteSize } from '../../src/cli/print/units.ts';
import { PRECISIONS } from '../../src/contracts/load.ts';
import { eventStream } from '../../src/engine/border/event-stream.ts';
import { engineOf } from '../../src/engine/engine.ts';
import { loadModel } from '../../src/engine/load/load-model.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import { readPicture } from '../../src/input/node/read-picture.ts';
import { resolveLoadOptions } from '../../src/load.ts';
import { statusBytes, watchMemory } from './memory-watch.ts';
import { timePasses } from './time-passes.ts';

const program = new Command('measure:big')
  .argument('<dir>', "the model's folder")
  .addOption(new Option('--precision <name>').choices(PRECISIONS).default('w8a8' as const))
  .option('--tokens <n>', 'tokens of the answer', whole, 16)
  .option('--image <file>', 'a picture to look at')
  .option('--rows <list>', 'rows of passes that are timed', wholes, [1, 2, 4, 8, 16, 32, 59])
  .option('--turns <n>', 'turns of each', whole, 5)
  .parse();

function wholes(text: string): number[] {
  return text.split(',').map(whole);
}

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, at least 1.');
}

const [dir] = program.processedArgs;
const { tokens, image, rows, turns, precision } = program.opts();
const say = (name: string, text: string) =>
  void process.stdout.write(`${name.padEnd(12)}${text}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

const memory = watchMemory();
say('machine', `${cpus()[0]?.model}, ${cpus().length} cores`);
say('before', `${byteSize(memory.takePeak())} anonymous`);

const { thread, onProgress, ...settings } = resolveLoadOptions({
  model: resolve(dir),
  precision,
});
const start = performance.now();
let converted = 0;
const host = await createNodeHost(settings, ({ doneBytes, totalBytes }) => {
  if (doneBytes < totalBytes) return;
  converted = performance.now() - start;
  const { user, system } = process.cpuUsage();
  const cpu = seconds((user + system) / 1000);
  say('converting', `${seconds(converted)} (${cpu} of processor time)`);
  say('', `${byteSize(memory.takePeak())} anonymous at most`);
});
const model = await loadModel(host, settings);
const { info } = model;
say('model', `${info.precision}, ${(info.parameters / 1e9).toFixed(2)} G parameters`);
say('bound', `${byteSize(info.weightBytes)} of weights`);
say('loading', `${seconds(performance.now() - start - converted)} besides converting`);
say('', `${byteSize(memory.takePeak())} anonymous at most`);

const engine = engineOf(host, model);
const messages = [{ role: 'user' as const, content: 'Tell a story.' }];
const question = image === undefined ? { messages } : { prompt: 'Tell a story.', images: [image] };
const request = { ...question, maxTokens: tokens, ignoreEos: true, drafter: 'none' as const };
for await (const event of eventStream(engine, request, readPicture)) {
  if (event.type !== 'done') continue;
  const { timings, promptTokens, ids } = event.result;
  say(
    'prompt',
    `${promptTokens} tokens, ${seconds(timings.vision)} tower, ${seconds(timings.prefill)} decoder`,
  );
  say(
    'plain',
    `${((ids.length - 1) / ((timings.target + timings.host) / 1000)).toFixed(2)} tokens/s`,
  );
}
for (const { count, ms, over } of await timePasses(model.target, rows, turns)) {
  say(`${count} rows`, `${ms.toFixed(0)} ms, ${over.toFixed(2)} of one`);
}
const cache = 2 * 128 * info.cacheBytesPerToken; // the answer's, and the timed passes'
const bound = 0.25 * info.weightBytes + cache + 2 ** 30;
say('answering', `${byteSize(memory.takePeak())} anonymous at most`);
say('bound', `${byteSize(bound)}: 0.25 of the weights, ${byteSize(cache)} of caches, 1 GiB`);
say('pages', `${byteSize(statusBytes('VmHWM'))} at most, those of mapped files included`);
memory.stop();
await engine.dispose();
