import { expect, it } from 'vitest';
import type { PictureReader, RgbImage } from '../../contracts/image.ts';
import type { NormalMessage } from '../../input/messages.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { textFixtures } from '../../input/testing/text-fixtures.ts';
import { namesOf } from './names-of.ts';

const IMAGE: RgbImage = { width: 1, height: 1, data: new Uint8Array(3) };
const [CAT, TABBY] = [Int32Array.of(1, 2), Int32Array.of(3)];
const reader: PictureReader = { layout: () => ({ ids: [] }), feeds: () => ({}), named: () => [] };
const embed = async () => ({ data: new Float32Array(0), count: 0, width: 1, named: [CAT, TABBY] });
const [first] = textFixtures;
if (first === undefined) throw new TypeError('there are fixtures with tokenizers');
const { tokenizer } = first;
const asks = (text: string): NormalMessage => ({ role: 'user', content: [{ type: 'text', text }] });
const SAYS: NormalMessage = { role: 'assistant', content: [{ type: 'text', text: 'A.' }] };
const images = [repositoryPath('fixtures/tiny/images/square.png')];
const names = (messages: NormalMessage[], pictures: PictureReader | null) =>
  namesOf({ embed, pictures, tokenizer }, async () => IMAGE, { images, messages });

it("are those of a dialogue's pictures, in every answer", async () => {
  const messages = [asks('What is it?'), SAYS, asks('Really?'), SAYS];
  expect(await names(messages, reader)).toEqual([
    { names: [CAT, TABBY], shown: true },
    { names: [CAT, TABBY], shown: true },
  ]);
});

it("are words of pictures that each answer's question may ask for, where such are told", async () => {
  const told = asks('Text in the picture:\nTOTAL 5\nCASH 10\n\nHow much in total?');
  const [total, cash, none] = await names(
    [told, SAYS, asks('And in cash?'), SAYS, asks('Why?'), SAYS],
    reader,
  );
  const inside = (text: string) =>
    tokenizer
      .encode(`: ${text}`, { addSpecialTokens: false })
      .slice(tokenizer.encode(':', { addSpecialTokens: false }).length);
  expect(total).toMatchObject({ shown: false });
  expect(total?.names[0]).toEqual(inside('5'));
  expect(cash?.names[0]).toEqual(inside('10'));
  expect(none).toEqual({ names: [], shown: false });
});

it('are none of a model without names', async () => {
  const { named: _, ...nameless } = reader;
  const none = [{ names: [], shown: false }];
  expect(await names([asks('What is it?'), SAYS], nameless)).toEqual(none);
  expect(await names([asks('What is it?'), SAYS], null)).toEqual(none);
});
