import { expect, it } from 'vitest';
import { nextMessage } from './next-message.ts';

async function messages(...lines: string[]) {
  const asked: boolean[] = [];
  const next = async (isMore: boolean) => {
    asked.push(isMore);
    return lines.shift() ?? null;
  };
  const found: string[] = [];
  for (let one = await nextMessage(next); one !== null; one = await nextMessage(next)) {
    found.push(one);
  }
  return { found, asked };
}

it('takes a line for a message', async () => {
  expect((await messages('one', 'two')).found).toEqual(['one', 'two']);
});

it('goes on after a backslash at the end, of which two are one that is meant', async () => {
  const { found, asked } = await messages('one\\', 'two\\', 'three', 'four\\\\');
  expect(found).toEqual(['one\ntwo\nthree', 'four\\\\']);
  expect(asked).toEqual([false, true, true, false, false]);
});

it('takes all between three quotes, a command too', async () => {
  const { found } = await messages('"""', '/reset', '', 'b"""', '"""one line"""', 'two');
  expect(found).toEqual([' /reset\n\nb', ' one line', 'two']);
});

it('takes what there is where the lines end', async () => {
  expect((await messages('"""a', 'b')).found).toEqual([' a\nb']);
  expect((await messages('a\\')).found).toEqual(['a']);
});
