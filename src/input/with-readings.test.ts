import { describe, expect, it } from 'vitest';
import type { NormalMessage } from './messages.ts';
import { readingsApart, withReadings } from './with-readings.ts';

const image = { type: 'image' } as const;
const text = (words: string) => ({ type: 'text', text: words }) as const;
const user = (...content: NormalMessage['content']): NormalMessage => ({ role: 'user', content });
const assistant = (said: string): NormalMessage => ({ role: 'assistant', content: [text(said)] });
const withoutPictures = (message: NormalMessage): NormalMessage => ({
  ...message,
  content: message.content.filter(({ type }) => type !== 'image'),
});

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

describe('readingsApart', () => {
  const read = [{ text: 'TOTAL 5\nCASH 10' }];

  it.each([true, false])('takes the words out that were put in, pictures seen: %s', (seen) => {
    const one = [user(image, text('How much?')), assistant('Text in the picture:\nno\n\nnone')];
    const two = [user(image, text('This?'), image, text('\nWhich?'))];
    const kept = seen ? one : one.map(withoutPictures);
    expect(readingsApart(withReadings(one, read.slice(0, 1), seen))).toMatchObject({
      rows: ['TOTAL 5', 'CASH 10'],
      messages: kept,
    });
    expect(
      readingsApart(withReadings(two, [{ text: 'TOTAL 5' }, { text: 'CASH' }], seen)),
    ).toMatchObject({
      rows: ['TOTAL 5', 'CASH'],
      messages: seen ? two : two.map(withoutPictures),
    });
    expect(readingsApart(withReadings(one, [{ text: '' }], seen))).toMatchObject({
      rows: [],
      messages: kept,
    });
  });

  it('finds the words of several pictures behind each other', () => {
    const told = withReadings(
      [user(image, image, text('Which?'))],
      [{ text: 'A' }, { text: 'B' }],
      false,
    );
    expect(readingsApart(told)).toMatchObject({
      rows: ['A', 'B'],
      messages: [user(text('Which?'))],
    });
  });
});
