import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createNodeHost } from '../../engine/node/node-host.ts';
import {
  answer,
  FAMILIES,
  folderOf,
  inPlace,
  questions,
  readsPictures,
  runFolder,
  writeDialogues,
} from '../testing/families.ts';
import { runHarvest } from './run-harvest.ts';

it.each(FAMILIES)('a harvest has the answers of a %s', async (family) => {
  const dir = runFolder();
  const file = writeDialogues(dir, family);
  const out = join(dir, 'answers.jsonl');
  const sampling = { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 };
  const target = { model: folderOf(family), device: 'cpu', threads: 1 } as const;
  const host = await createNodeHost({ ...target, draft: null });
  const complete = await runHarvest(
    {
      ...{ paths: [file], out, load: target, batch: 4, skipBad: false, saveEvery: 60 },
      settings: { turns: 'first', sampling, maxTokens: 12, dropCut: false, dropLoops: false },
    },
    {
      ...{ host, cancelled: () => false, tell: () => {} },
      ...{ onBegin: () => {}, onProgress: () => {} },
    },
  );
  expect(complete).toBe(true);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  const said = lines.map((line) => JSON.parse(line).messages.at(-1));
  const model = await inPlace({ model: folderOf(family) });
  const firsts = readsPictures(family) ? [0, 2] : [0]; // of words, and with a picture
  for (const [index, asked] of questions(family).entries()) {
    const plain = await answer(model, { ...asked, maxTokens: 12, drafter: 'none' });
    const found = said[firsts[index] as number];
    expect(found).toEqual({ role: 'assistant', content: plain.text });
  }
  await model.dispose();
});
