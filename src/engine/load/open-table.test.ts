import { expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';
import { openTable } from './open-table.ts';

it('reads no tokens where there is no table, and none that comes along', async () => {
  const tokenizer = {
    vocabSize: 2,
    tokenText: () => expect.unreachable('the tokens were read'),
  } as unknown as Tokenizer;
  const folders = { model: tempFolder(), draft: tempFolder() };
  expect(await openTable({ modelFolder }, folders, tokenizer)).toBeNull();
});
