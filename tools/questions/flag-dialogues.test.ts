import { expect, it } from 'vitest';
import { seededDraws } from '../../src/evaluate/bench-world.ts';
import { flagDialogues } from './flag-dialogues.ts';

const concepts = [
  { code: '1', label: 'flag: Turks & Caicos Islands', tags: [], flag: true },
  { code: '2', label: 'flag: Myanmar (Burma)', tags: [], flag: true },
  { code: '3', label: 'kite', tags: [], flag: false },
];
const artists = [{ name: 'one', picture: async () => Uint8Array.of(1) }];

it('asks for flags alone, twice, and names the whole country', async () => {
  const dialogues = await flagDialogues(30, { concepts, artists, random: seededDraws(1) });
  expect(dialogues).toHaveLength(30);
  for (const { picture, text, then = [] } of dialogues) {
    const country = picture === 'one-1' ? 'Turks and Caicos Islands' : 'Myanmar';
    const [first, again, second] = then;
    expect([first, second]).toEqual(Array(2).fill(`It is the flag of ${country}.`));
    expect(again).not.toBe(text);
  }
});
