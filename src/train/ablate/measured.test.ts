import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { RunFolderError } from '../../contracts/errors.ts';
import { type Measured, readMeasured, writeMeasured } from './measured.ts';

const sample = { decoded: [{ tokens: 9, passes: 3 }], speedUps: [1.5] };
const measured: Measured = {
  prompts: { decoded: 1, timed: 1 },
  peakBytes: 1e9,
  text: sample,
  visual: sample,
};

it('what was measured comes back as it was written', async () => {
  const dir = tempFolder();
  expect(await readMeasured(dir), 'before').toBeUndefined();
  await writeMeasured(dir, measured);
  expect(await readMeasured(dir)).toEqual(measured);
});

it.each(['', '{', '[]', '{"prompts":{}}'])(
  'what is damaged (%j) is refused by name',
  async (text) => {
    const dir = tempFolder();
    writeFileSync(join(dir, 'measured.json'), text);
    const error = await readMeasured(dir).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunFolderError);
    expect(String(error)).toContain('measured.json');
  },
);
