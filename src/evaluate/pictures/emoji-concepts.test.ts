import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emojiConcepts, isHeldOut } from './emoji-concepts.ts';

it('reads labels and tags, and leaves out what is part of other emoji', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'msd-concepts-'));
  mkdirSync(join(folder, 'en'));
  const data = [
    { label: 'red heart', hexcode: '2764-FE0F', tags: ['love'], group: 0 },
    { label: 'light skin tone', hexcode: '1F3FB', tags: [], group: 2 },
    { label: 'regional indicator A', hexcode: '1F1E6' },
    { label: 'flag: France', hexcode: '1F1EB-1F1F7', group: 9 },
  ];
  writeFileSync(join(folder, 'en/data.json'), JSON.stringify(data));
  expect(await emojiConcepts(folder)).toEqual([
    { code: '2764', label: 'red heart', tags: ['love'], flag: false },
    { code: '1f1eb-1f1f7', label: 'flag: France', tags: [], flag: true },
  ]);
  rmSync(folder, { recursive: true });
});

it('holds out about a tenth of what is no flag', () => {
  const codes = Array.from({ length: 1000 }, (_, at) => (0x1f300 + at).toString(16));
  const held = (flag: boolean) =>
    codes.filter((code) => isHeldOut({ code, label: '', tags: [], flag })).length;
  expect(held(false)).toBeGreaterThan(70);
  expect(held(false)).toBeLessThan(130);
  expect(held(true)).toBe(0);
});
