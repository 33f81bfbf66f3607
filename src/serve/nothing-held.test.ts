import { setTimeout as sleep } from 'node:timers/promises';
import * as v8 from 'node:v8';
import { expect, it } from 'vitest';
import { CHAT, chat, toyServer } from './testing/toy-server.ts';

/** Objects of a class that are reachable; it collects garbage first. The types of Node 20 don't have it yet. */
const { queryObjects } = v8 as unknown as {
  queryObjects(of: object, options: { format: 'count' }): number;
};
const held = () => queryObjects(AbortController, { format: 'count' });

it.each([
  ['read to their ends', false, true],
  ['left', true, true],
  ['given in one piece', false, false],
])('holds nothing of answers that were %s', async (_, leaves, stream) => {
  const server = await toyServer();
  const ask = async () => {
    const gone = new AbortController();
    const answer = await chat(server, { ...CHAT, stream }, { signal: gone.signal });
    if (leaves) gone.abort();
    else await answer.text();
  };
  const round = async () => {
    for (let i = 0; i < 40; i += 1) await ask();
    await sleep(200);
  };
  await round();
  const before = held();
  await round();
  expect(held()).toBeLessThan(before + 20);
});
