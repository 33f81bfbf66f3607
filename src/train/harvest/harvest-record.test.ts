import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import type { NormalMessage } from '../../input/messages.ts';
import { readDialogues } from '../data/read-dialogues.ts';
import { harvestLine, readHarvestLine } from './harvest-record.ts';
import { answeredOutcome, refusedOutcome, said } from './testing/outcomes.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 3);
const picture = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/tiny/images/${name}`, import.meta.url));
const PICTURES = [picture('small.png'), picture('square.png'), picture('turned.jpg')];

const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.constantFrom('<image>', '<image>\nWhat is it?', ' spaced\n', '</s>'),
  )
  .filter((some) => some.trim() !== '');
const asked = fc.record({ words: text, shown: fc.subarray(PICTURES) });
const dialogues = fc.record({
  system: fc.option(text),
  turns: fc.array(fc.tuple(asked, text), { minLength: 1, maxLength: 4 }),
});

describe('a line of a harvest', () => {
  it('is read as the training data that it was written from', async () => {
    const folder = tempFolder();
    const property = fc.asyncProperty(dialogues, async ({ system, turns }) => {
      const messages: NormalMessage[] = [
        ...(system === null ? [] : [said('system', system)]),
        ...turns.flatMap(([{ words, shown }, reply]): NormalMessage[] => [
          {
            role: 'user',
            content: [
              ...shown.map(() => ({ type: 'image' }) as const),
              { type: 'text', text: words },
            ],
          },
          said('assistant', reply),
        ]),
      ];
      const images = turns.flatMap(([{ shown }]) => shown);
      const path = join(folder, 'answers.jsonl');
      const outcome = answeredOutcome(0, messages, images);
      writeFileSync(path, `${harvestLine(outcome)}\n`);
      const { dialogues: read } = await readDialogues([path], { skipBad: false });
      const answers = turns.map((_, i) => Int32Array.from({ length: i + 1 }, (_, n) => 10 * i + n));
      expect(read).toEqual([{ place: { file: path, index: 0 }, messages, images, answers }]);
    });
    await fc.assert(property, { numRuns });
  });

  it('tells how the answers ended', () => {
    const messages = [said('user', 'a'), said('assistant', 'b'), said('user', 'c')];
    const outcome = answeredOutcome(7, [...messages, said('assistant', 'd')]);
    expect(readHarvestLine(harvestLine(outcome))).toEqual({
      dialogue: 7,
      answers: 2,
      tokens: 3,
      cut: 0,
      left: null,
    });
  });

  it('says of a dialogue that is left out where it stands and why', () => {
    const line = harvestLine(refusedOutcome(3, 'It is too long.'));
    const left = 'data.json, record 3: It is too long.';
    expect(readHarvestLine(line)).toMatchObject({ dialogue: 3, answers: 0, left });
    const empty = harvestLine(answeredOutcome(4, []));
    expect(readHarvestLine(empty)?.left).toBe('data.json, record 4: its first answer was not kept');
  });

  it.each(['', '{', '[]', '{"messages":[]}', '{"harvest":{"dialogue":-1,"answers":[]}}'])(
    'is not %j',
    (line) => {
      expect(readHarvestLine(line)).toBeUndefined();
    },
  );
});
