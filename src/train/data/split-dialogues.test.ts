import { describe, expect, it } from 'vitest';
import type { Dialogue } from './dialogue.ts';
import { shuffled } from './shuffle.ts';
import { splitDialogues } from './split-dialogues.ts';

const says = (words: string, images: readonly string[] = []): Dialogue => ({
  place: { file: 'a.json', index: 0 },
  messages: [
    { role: 'user', content: [{ type: 'text', text: words }] },
    { role: 'assistant', content: [{ type: 'text', text: 'Yes.' }] },
  ],
  images,
});
const many = Array.from({ length: 4000 }, (_, i) => says(`question ${i}`));
const words = (dialogues: readonly Dialogue[]) =>
  new Set(dialogues.map(({ messages }) => JSON.stringify(messages)));

describe('the split', () => {
  const { training, validation } = splitDialogues(many, 0.1, 1);

  it('puts every dialogue on one side, in order', () => {
    const sides = many.filter((one) => validation.includes(one) !== training.includes(one));
    expect(sides).toHaveLength(many.length);
    expect(training).toEqual(many.filter((one) => !validation.includes(one)));
  });

  it('holds back about the share', () => {
    // Four standard deviations of 4,000 draws at 0.1.
    expect(Math.abs(validation.length - 400)).toBeLessThan(76);
  });

  it('depends on no order and no neighbours', () => {
    const mixed = Array.from(shuffled(4000, 3), (i) => many[i] as Dialogue).slice(0, 3000);
    const again = splitDialogues(mixed, 0.1, 1);
    const held = words(validation);
    expect(words(again.validation)).toEqual(
      new Set([...words(mixed)].filter((text) => held.has(text))),
    );
  });

  it('depends on the seed', () => {
    expect(words(splitDialogues(many, 0.1, 2).validation)).not.toEqual(words(validation));
  });

  it('keeps copies together, wherever their pictures lie', () => {
    for (let i = 0; i < 200; i++) {
      const copies = [says(`${i}`, ['/a/x.png']), says(`${i}`, ['/b/x.png'])];
      expect(splitDialogues(copies, 0.5, 1).validation.length).not.toBe(1);
    }
  });

  it('tells apart what is asked of different pictures', () => {
    const pictures = Array.from({ length: 200 }, (_, i) => says('What?', [`/a/${i}.png`]));
    expect(splitDialogues(pictures, 0.5, 1).validation.length).toBeGreaterThan(50);
  });

  it('holds back nothing at 0 and everything at 1', () => {
    expect(splitDialogues(many, 0, 1).validation).toEqual([]);
    expect(splitDialogues(many, 1, 1).training).toEqual([]);
  });
});
