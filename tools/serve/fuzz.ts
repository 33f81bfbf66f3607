/**
 * `npm run check:fuzz`: random bodies, most of them nearly right, against the built `msd serve` over a template with a place
 * for tools, while a neighbour asks the same question again and again. Exits 1 where an answer is a 500 or no JSON, where the
 * neighbour hears other words, or where an engine is lost.
 */
import { rmSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import fc from 'fast-check';
import { hermesTiny } from '../../src/calls/testing/hermes-tiny.ts';
import { randomRequest } from '../../src/serve/testing/random-bodies.ts';
import { serveMsd } from '../../src/serve/testing/serve-msd.ts';

const { requests, clients, seed } = new Command('check:fuzz')
  .description('Sends random bodies to a server.')
  .option('--requests <n>', 'how many', Number, 10_000)
  .option('--clients <n>', 'how many at once', Number, 8)
  .option('--seed <n>', 'of the bodies', Number, 1)
  .parse()
  .opts();

const say = (line: string) => void process.stdout.write(`${line}\n`);
const folder = hermesTiny();
const server = await serveMsd([
  ...['--model', folder, '--draft', 'models/tiny/draft', '--queue', '1000'],
]);
const post = (path: string, body: string) => fetch(server.url + path, { method: 'POST', body });

const statuses = new Map<number, number>();
const bugs: string[] = [];
let slowest = { ms: 0, body: '' };
async function ask({ path, body }: { path: string; body: string }): Promise<void> {
  const start = performance.now();
  const response = await post(path, body);
  const told = await response.text();
  const ms = performance.now() - start;
  if (ms > slowest.ms) slowest = { ms, body };
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  const isBug = response.status === 500 || told.includes('"internal_error"');
  if (isBug || (response.status >= 400 && !told.startsWith('{"error":{'))) {
    bugs.push(`${response.status} ${path} ${body}: ${told}`);
  }
}

const QUESTION = JSON.stringify({
  ...{ messages: [{ role: 'user', content: 'Count from 3 to 10.' }], temperature: 0 },
  max_tokens: 30,
});
async function neighbour(): Promise<string> {
  const answer = (await (await post('/v1/chat/completions', QUESTION)).json()) as {
    choices: [{ message: { content: string } }];
  };
  return answer.choices[0].message.content;
}

const alone = await neighbour();
const queue = fc.sample(randomRequest, { numRuns: requests, seed }).values();
let [asked, others, done] = [0, 0, false];
const watching = (async () => {
  while (!done) {
    asked += 1;
    if ((await neighbour()) !== alone) others += 1;
  }
})();
await Promise.all(
  Array.from({ length: clients }, async () => {
    for (const one of queue) await ask(one);
  }),
);
done = true;
await watching;
const status = (await (await fetch(`${server.url}/v1/msd/status`)).json()) as {
  running: number;
  engines_lost: number;
};
await server.stop();
rmSync(folder, { recursive: true });
for (const [code, count] of [...statuses].sort(([a], [b]) => a - b)) say(`${count} with ${code}`);
for (const bug of bugs.slice(0, 20)) say(bug.slice(0, 2000));
say(`slowest: ${slowest.ms.toFixed(0)} ms, ${slowest.body.slice(0, 1000)}`);
say(
  `${requests} bodies, ${bugs.length} bugs; a neighbour asked ${asked} times, ${others} times heard other words; ${status.running} left running, ${status.engines_lost} engines lost`,
);
process.exitCode = bugs.length + others + status.running + status.engines_lost === 0 ? 0 : 1;
