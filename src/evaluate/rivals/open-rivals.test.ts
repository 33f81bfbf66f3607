/**
 * The real engines, where they are installed and asked for: MSD_TEST_RIVALS names a folder with `model` (in Hugging Face's
 * layout) and `model.gguf`.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRivals, type RivalName } from './open-rivals.ts';

const folder = process.env.MSD_TEST_RIVALS;

it.runIf(folder !== undefined).each<RivalName>(['llama.cpp', 'hf'])(
  '%s answers the ids that it is given, and says what it runs',
  { timeout: 600_000 },
  async (name) => {
    const files = { folder: join(folder ?? '', 'model'), gguf: join(folder ?? '', 'model.gguf') };
    const prompt = Array.from({ length: 20 }, (_, at) => 100 + at);
    const opening = { prompt, end: [2], threads: 2, contextSize: 256 };
    const processes = await openRivals([name], files, opening, () => {});
    const rivals = processes.flatMap((one) => one.rivals);
    const answers = [];
    for (const rival of rivals) answers.push(await rival.answer(prompt, 12));
    for (const { ids, times } of answers) {
      expect(ids.length).toBeGreaterThan(0);
      expect(ids, 'one engine has one greedy text').toEqual(answers[0]?.ids);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
    expect(rivals[0]?.tried.length).toBeGreaterThan(1);
    await Promise.all(processes.map((one) => one.close()));
  },
);
