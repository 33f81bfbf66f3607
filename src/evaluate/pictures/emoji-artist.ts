/** Pictures of emoji by one artist, out of an npm package: a set of SVG in iconify's form, or a folder of files by code. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type EmojiConcept, plainCode } from './emoji-concepts.ts';

export interface EmojiArtist {
  /** The file that shows a concept, if the artist drew it. */
  readonly picture: (concept: EmojiConcept) => Promise<Uint8Array | undefined>;
}

const size = { width: z.number().optional(), height: z.number().optional() };
const setSchema = z.object({
  icons: z.record(z.string(), z.object({ body: z.string(), ...size })),
  aliases: z.record(z.string(), z.object({ parent: z.string() })).default({}),
  ...size,
});

/** @param folder of an @iconify-json package */
export async function iconifyArtist(folder: string): Promise<EmojiArtist> {
  const set = setSchema.parse(JSON.parse(await readFile(join(folder, 'icons.json'), 'utf8')));
  const names = new Map<string, string>();
  const known = [...Object.keys(set.icons), ...Object.keys(set.aliases)];
  for (const name of known.reverse()) {
    names.set(name.replace(/^flag-for-(flag-)?/, 'flag-').replaceAll('-', ''), name);
  }
  return {
    picture: async ({ label }) => {
      const name = names.get(slug(label));
      if (name === undefined) return undefined;
      const icon = set.icons[name] ?? set.icons[set.aliases[name]?.parent ?? ''];
      if (icon === undefined) return undefined;
      const { width, height } = { width: set.width ?? 16, height: set.height ?? 16, ...icon };
      const text = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${icon.body}</svg>`;
      return new TextEncoder().encode(text);
    },
  };
}

/** Files that are called by code points, as `1f436.webp`. */
export async function filesArtist(folder: string): Promise<EmojiArtist> {
  const files = new Map(
    (await readdir(folder)).map((file) => [plainCode(file.replace(/\.\w+$/, '')), file]),
  );
  return {
    picture: async ({ code }) => {
      const file = files.get(code);
      return file === undefined ? undefined : await readFile(join(folder, file));
    },
  };
}

/** As names of icons are made of labels, less the hyphens. */
function slug(label: string): string {
  return label
    .normalize('NFD')
    .replace(/\p{M}|['’“”]/gu, '')
    .toLowerCase()
    .replaceAll('&', 'and')
    .replaceAll('#', 'hash')
    .replaceAll('*', 'asterisk')
    .replace(/[^a-z0-9]+/g, '');
}

const A_REGIONAL = 0x1f1e6;
/** England, Scotland, Wales: a black flag and tag letters. */
const TAGGED = 0x1f3f4;
const TAG_SPACE = 0xe0000;

/** Flags in files that are called by country codes, as `fr.svg` and `gb-sct.svg`. */
export async function flagsArtist(folder: string): Promise<EmojiArtist> {
  const files = new Set(await readdir(folder));
  return {
    picture: async ({ code, flag }) => {
      const country = flag ? `${countryOf(code)}.svg` : '';
      return files.has(country) ? await readFile(join(folder, country)) : undefined;
    },
  };
}

function countryOf(code: string): string {
  const points = code.split('-').map((point) => Number.parseInt(point, 16));
  const tagged = points[0] === TAGGED;
  const letters = tagged
    ? points.slice(1, -1).map((point) => String.fromCharCode(point - TAG_SPACE))
    : points.map((point) => String.fromCharCode(point - A_REGIONAL + 'a'.charCodeAt(0)));
  return tagged ? `${letters.slice(0, 2).join('')}-${letters.slice(2).join('')}` : letters.join('');
}
