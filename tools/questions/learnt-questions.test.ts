import { describe, expect, it } from 'vitest';
import { seededDraws } from '../../src/evaluate/bench-world.ts';
import { type EmojiConcept, isHeldOut } from '../../src/evaluate/pictures/emoji-concepts.ts';
import { learntQuestions } from './learnt-questions.ts';

const concepts = Array.from({ length: 200 }, (_, at): EmojiConcept => {
  const flag = at % 4 === 0;
  const label = flag ? `flag: Land ${at}` : `${at % 2 ? 'apple' : 'pear'} ${at}`;
  return { code: (0x1f300 + at).toString(16), label, tags: [], flag };
});
const artist = (name: string, drew: (concept: EmojiConcept) => boolean) => ({
  name,
  picture: async (one: EmojiConcept) => (drew(one) ? Uint8Array.of(1) : undefined),
});
const draw = (seed = 1) =>
  learntQuestions(300, {
    concepts,
    artists: [artist('all', () => true), artist('flags', ({ flag }) => flag)],
    random: seededDraws(seed),
  });
const conceptOf = (picture: string) => concepts.find(({ code }) => picture.endsWith(`-${code}`));

describe('questions to learn from', () => {
  it('are about no concept that is held out', async () => {
    const asked = (await draw()).map(({ picture }) => conceptOf(picture) as EmojiConcept);
    expect(concepts.filter(isHeldOut).length).toBeGreaterThan(5);
    expect(asked.filter(isHeldOut)).toEqual([]);
  });

  it('are each drawn once, and the same of the same seed', async () => {
    const keys = (await draw()).map(({ picture, text }) => `${picture} ${text}`);
    expect(new Set(keys).size).toBe(300);
    expect((await draw()).map(({ picture, text }) => `${picture} ${text}`)).toEqual(keys);
  });

  it('show what an artist drew', async () => {
    const flags = (await draw()).filter(({ picture }) => picture.startsWith('flags-'));
    expect(flags.length).toBeGreaterThan(10);
    expect(flags.every(({ picture }) => conceptOf(picture)?.flag)).toBe(true);
  });

  it('suppose what is there, and what is not, under a fitting article', async () => {
    const supposing = (await draw()).filter(({ text }) => /\b(an?) (apple|pear) \d/.test(text));
    expect(supposing.some(({ text }) => text.includes('an apple'))).toBe(true);
    expect(supposing.some(({ text }) => text.includes('a pear'))).toBe(true);
    const right = supposing.filter(({ picture, text }) =>
      text.includes(conceptOf(picture)?.label ?? '?'),
    );
    expect(right.length).toBeGreaterThan(0);
    expect(right.length).toBeLessThan(supposing.length);
  });
});
