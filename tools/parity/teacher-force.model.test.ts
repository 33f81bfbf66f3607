import { afterAll, describe, expect, it } from 'vitest';
import type { Sampling } from '../../src/contracts/generate.ts';
import { createLab } from './lab.ts';
import { holds } from './line.ts';
import { createLosslessTally } from './lossless-tally.ts';
import { drawnPrompts } from './prompts.ts';
import { teacherForce } from './teacher-force.ts';

const lab = createLab(true);
afterAll(() => lab.close());

/** A prompt and the text that plain decoding writes after it. */
async function plainText(sampling: Partial<Sampling>) {
  const open = await lab.open('tiny');
  const [prompt] = await drawnPrompts(1);
  const options = { messages: prompt?.messages ?? [], maxTokens: 24, ...sampling };
  const { ids } = await open.generate({ ...options, drafter: 'none' });
  return { open, options, ids };
}

/** What excuses a text that differs must not excuse one that is wrong. */
describe.each<[string, Partial<Sampling>]>([
  ['greedy', {}],
  ['sampled', { temperature: 1, topP: 0.9, seed: 3 }],
])('teacher-forcing a %s text', (_, sampling) => {
  it('finds nothing in the text of plain decoding', async () => {
    const { open, options, ids } = await plainText(sampling);
    expect(await teacherForce(open, options, ids)).toBe(0);
  });

  it('finds a foreign token in the middle', async () => {
    const { open, options, ids } = await plainText(sampling);
    const wrong = ids.map((id, place) => (place === 5 ? (id + 1) % 1000 : id));
    const tally = createLosslessTally();
    await tally.compare(open, 'wrong', options, { ids }, { ids: wrong, acceptedPerPass: [] });
    expect(tally.figures().worst).toBeGreaterThan(1e-4);
  });

  it('does not excuse a text that ends too early', async () => {
    const { open, options, ids } = await plainText(sampling);
    const tally = createLosslessTally();
    const short = { ids: ids.slice(0, -1), acceptedPerPass: [] };
    await tally.compare(open, 'short', options, { ids }, short);
    expect(holds({ what: '', against: '', ...tally.figures() })).toBe(false);
  });
});
