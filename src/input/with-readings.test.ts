import { describe, expect, it } from 'vitest';
import type { NormalMessage } from './messages.ts';
import { tellReadings, withReadings } from './with-readings.ts';

const image = { type: 'image' } as const;
const text = (words: string) => ({ type: 'text', text: words }) as const;
const user = (...content: NormalMessage['content']): NormalMessage => ({ role: 'user', content });

describe('withReadings', () => {
  it('puts the words behind the picture, before what is asked', () => {
    const [message] = withReadings(
      [user(image, text('How much?'))],
      [{ text: 'TOTAL 5\nBye' }],
      true,
    );
    expect(message?.content).toEqual([
      image,
      text('Text in the picture:\nTOTAL 5\nBye\n\nHow much?'),
    ]);
  });

  it('says what is the most and the least of a chart, where one alone is', () => {
    const values = [
      { name: 'Oak', number: '12' },
      { name: 'Elm', number: '7' },
      { name: 'Ash', number: '7' },
    ];
    const told = (most: number | null, least: number | null) =>
      withReadings(
        [user(image, text('Which?'))],
        [{ text: 'Trees\nOak 12', chart: { values, most, least } }],
        true,
      )[0]?.content.at(-1);
    expect(told(0, null)).toEqual(
      text('Text in the picture:\nTrees\nOak 12\nMost: Oak, 12\n\nWhich?'),
    );
    expect(told(null, 2)).toEqual(
      text('Text in the picture:\nTrees\nOak 12\nLeast: Ash, 7\n\nWhich?'),
    );
  });

  it('numbers several pictures through the conversation', () => {
    const messages = [user(image, image, text('Which?')), user(image, text('And this?'))];
    const readings = [{ text: 'one' }, { text: 'two' }, { text: 'three' }];
    const [first, second] = withReadings(messages, readings, true);
    expect(first?.content).toEqual([
      image,
      text('Text in picture 1:\none\n\n'),
      image,
      text('Text in picture 2:\ntwo\n\nWhich?'),
    ]);
    expect(second?.content).toEqual([image, text('Text in picture 3:\nthree\n\nAnd this?')]);
  });

  it('adds nothing for a picture without text, and leaves other messages alone', () => {
    const plain: NormalMessage = { ...user(text('Hello')), plain: true };
    const pictured = user(image, text('What is it?'));
    expect(withReadings([plain, pictured], [{ text: '' }], true)).toEqual([plain, pictured]);
  });

  it('lets the words stand for pictures that are not seen', () => {
    const [message] = withReadings([user(image, text('How much?'))], [{ text: 'TOTAL 5' }], false);
    expect(message).toEqual({
      ...user(text('Text in the picture:\nTOTAL 5\n\nHow much?')),
      plain: true,
    });
  });
});

describe('tellReadings', () => {
  it('knows messages with words that were read, of one picture or several, from those without', () => {
    const one = [user(image, text('How much?'))];
    const two = [user(image, image, text('Which?'))];
    const read = [{ text: '' }, { text: 'TOTAL 5' }];
    for (const seen of [true, false]) {
      expect(tellReadings(withReadings(one, read.slice(1), seen))).toBe(true);
      expect(tellReadings(withReadings(two, read, seen))).toBe(true);
      expect(tellReadings(withReadings(one, read.slice(0, 1), seen))).toBe(false);
    }
  });
});
