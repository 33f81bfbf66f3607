/**
 * Run as a process of its own: answers through the built library's worker for some seconds while a timer of the main
 * thread ticks, and prints how late it was as JSON.
 */
import { TINY_PAIR } from '../../src/checkpoint/testing/tiny-pair.ts';
import { drawnPrompts } from './prompts.ts';

const TICK = 5;
const seconds = Number(process.argv[2]);
const built = new URL('../../dist/index.js', import.meta.url).href;
const library: typeof import('../../src/index.ts') = await import(built);

const prompts = await drawnPrompts(12);
const model = await library.load(TINY_PAIR);
const answer = async (number: number) => {
  const { messages } = prompts[number % prompts.length] as (typeof prompts)[number];
  for await (const event of model.generate({ messages, ignoreEos: true, maxTokens: 128 })) {
    if (event.type === 'done') return event.result.ids.length;
  }
  return 0;
};
await answer(0);

const lateness: number[] = [];
let last = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  lateness.push(now - last - TICK);
  last = now;
}, TICK);
const end = performance.now() + 1000 * seconds;
let tokens = 0;
for (let number = 1; performance.now() < end; number += 1) tokens += await answer(number);
clearInterval(timer);
await model.dispose();
process.stdout.write(
  JSON.stringify({ latest: Math.max(...lateness), ticks: lateness.length, tokens }),
);
