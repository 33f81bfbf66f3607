import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesArtist, flagsArtist, iconifyArtist } from './emoji-artist.ts';
import type { EmojiConcept } from './emoji-concepts.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msd-artist-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const concept = (label: string, code = ''): EmojiConcept => ({
  ...{ label, code, tags: [], flag: label.startsWith('flag: ') },
});
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

it.each([
  ['woman’s boot', 'womans-boot'],
  ['keycap: *', 'keycap-asterisk'],
  ['flag: Côte d’Ivoire', 'flag-for-flag-cote-divoire'],
  ['flag: Trinidad & Tobago', 'flag-for-trinidad-and-tobago'],
  ['red heart', 'other-name'],
])('finds the icon of %s', async (label, name) => {
  const set = {
    icons: {
      [name]: { body: `<g id="${name}"/>` },
      'other-name': { body: '<g id="other-name"/>' },
    },
    aliases: { 'red-heart': { parent: 'other-name' } },
    ...{ width: 36, height: 36 },
  };
  writeFileSync(join(folder, 'icons.json'), JSON.stringify(set));
  const { picture } = await iconifyArtist(folder);
  expect(text(await picture(concept(label)))).toMatch(
    new RegExp(`^<svg .*viewBox="0 0 36 36".*<g id="${name}"/></svg>$`),
  );
  expect(await picture(concept('nothing of the kind'))).toBeUndefined();
});

it('finds files by code points, whatever variation selectors they carry', async () => {
  writeFileSync(join(folder, '2764-fe0f.webp'), 'heart');
  const { picture } = await filesArtist(folder);
  expect(text(await picture(concept('red heart', '2764')))).toBe('heart');
});

it.each([
  ['flag: France', '1f1eb-1f1f7', 'fr'],
  ['flag: Scotland', '1f3f4-e0067-e0062-e0073-e0063-e0074-e007f', 'gb-sct'],
])('finds %s among flags', async (label, code, file) => {
  writeFileSync(join(folder, `${file}.svg`), file);
  const { picture } = await flagsArtist(folder);
  expect(text(await picture(concept(label, code)))).toBe(file);
  expect(await picture(concept('fr', code))).toBeUndefined();
});
