/** Many clients at once get the words that the model writes alone. `npm run check:serve` asks more often. */
import { expect, it, onTestFinished } from 'vitest';
import { TINY_PAIR } from '../checkpoint/testing/folders.ts';
import { load } from '../load.ts';
import { hearAll, mixed } from './testing/mixture.ts';
import { serveMsd } from './testing/serve-msd.ts';

it('writes for 20 streaming clients, some of whom leave, what it writes for each alone', async () => {
  const server = await serveMsd(['--parallel', '8', '--queue', '100']);
  onTestFinished(() => void server.stop());
  const requests = Array.from({ length: 60 }, (_, index) => mixed(index));
  const heard = await hearAll(server.url, requests, 20);
  await using model = await load({ ...TINY_PAIR, thread: false });
  for (const [at, { text, left }] of heard.entries()) {
    const alone = await model.complete((requests[at] as (typeof requests)[0]).alone);
    if (left) expect(alone.text.startsWith(text)).toBe(true);
    else expect(text).toBe(alone.text);
  }
  expect(heard.filter(({ left }) => left).length).toBeGreaterThan(5);
});
