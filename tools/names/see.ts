/** `see`: looks at views of every picture, and keeps what the eye makes of them; what is kept already isn't looked at again. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmojiArtist } from '../../src/evaluate/pictures/emoji-artist.ts';
import {
  EMOJIBASE,
  type EmojiConcept,
  emojiConcepts,
} from '../../src/evaluate/pictures/emoji-concepts.ts';
import { fetchPackage } from '../../src/evaluate/pictures/fetch-packages.ts';
import { type StoredTensor, writeSafetensors } from '../../src/safetensors/write-safetensors.ts';
import { ARTISTS, type Artist, openArtist } from './artists.ts';
import { drawFile } from './draw-file.ts';
import { halves } from './halves.ts';
import { type Look, type Looker, openLooker, SIDE } from './open-looker.ts';
import { cutPhotograph, PHOTOGRAPHS, photographFiles } from './photographs.ts';
import { drawnView, PLAIN_VIEW, renderView } from './views.ts';

/** Views of a picture: the first plain, the others drawn. */
const VIEWS = { concept: 4, flag: 8, heldOut: 1, photograph: 100 } as const;

/** A view's picture shows no concept; each photograph is a number less. */
export const NO_CONCEPT = -1;

interface Places {
  readonly packages: string;
  readonly seen: string;
  readonly say: (line: string) => void;
}

/** The file that holds what was seen of an artist. */
export const seenFile = (seen: string, name: string): string => join(seen, `${name}.safetensors`);

export async function seeAll(
  { packages, seen, say }: Places,
  only?: readonly string[],
): Promise<void> {
  await mkdir(seen, { recursive: true });
  const concepts = await emojiConcepts(await fetchPackage(packages, EMOJIBASE, say));
  const looker = await openLooker();
  for (const artist of ARTISTS) {
    const file = seenFile(seen, artist.name);
    if (existsSync(file) || (only && !only.includes(artist.name))) continue;
    const views = viewsOf(artist, concepts, await openArtist(artist, packages, say));
    await keep(file, looker, views, say);
  }
  const file = seenFile(seen, 'photographs');
  if (!existsSync(file) && (!only || only.includes('photographs'))) {
    const folder = await fetchPackage(packages, PHOTOGRAPHS, say);
    const shapes = await openArtist(ARTISTS[0] as Artist, packages, say);
    const views = photographs(await photographFiles(folder), concepts, shapes);
    await keep(file, looker, views, say);
  }
  await looker.dispose();
}

interface Looked {
  readonly concept: number;
  readonly pixels: Float32Array;
}

async function* viewsOf(
  { name, heldOut }: Artist,
  concepts: readonly EmojiConcept[],
  { picture }: Awaited<ReturnType<typeof openArtist>>,
): AsyncGenerator<Looked> {
  for (const [concept, one] of concepts.entries()) {
    const file = await picture(one);
    if (file === undefined) continue;
    const drawn = await drawFile(file);
    const count = VIEWS[heldOut ? 'heldOut' : one.flag ? 'flag' : 'concept'];
    for (let at = 0; at < count; at++) {
      const seed = 100 * concept + at + 1e6 * name.length;
      const view = at === 0 ? PLAIN_VIEW : drawnView(seed, one.flag ? 'flag' : 'concept');
      yield { concept, pixels: renderView(drawn, view, SIDE, seed) };
    }
  }
}

/** Half of them cut out in the shapes of an artist's emoji: texture is to tell, not what is around. */
async function* photographs(
  files: readonly string[],
  concepts: readonly EmojiConcept[],
  { picture }: EmojiArtist,
): AsyncGenerator<Looked> {
  for (const [index, file] of files.entries()) {
    for (let at = 0; at < VIEWS.photograph; at++) {
      const seed = 1000 * index + at;
      const shape = await picture(concepts[(37 * seed) % concepts.length] as EmojiConcept);
      if (shape === undefined) continue;
      const cut = await cutPhotograph(file, seed, await drawFile(shape), at % 2 === 0);
      const view = at % 4 < 2 ? PLAIN_VIEW : drawnView(seed, 'flag');
      yield { concept: NO_CONCEPT - index, pixels: renderView(cut, view, SIDE, seed) };
    }
  }
}

async function keep(
  file: string,
  looker: Looker,
  views: AsyncIterable<Looked>,
  say: (line: string) => void,
): Promise<void> {
  const start = performance.now();
  const concepts: number[] = [];
  const rows: Look[] = [];
  let waiting: Float32Array[] = [];
  const look = async () => {
    rows.push(...(await looker.look(waiting)));
    waiting = [];
  };
  for await (const { concept, pixels } of views) {
    concepts.push(concept);
    waiting.push(pixels);
    if (waiting.length === 64) await look();
    if (concepts.length % 1024 === 0) say(`${file}: ${concepts.length} views`);
  }
  await look();
  await writeSafetensors(file, [
    { name: 'concept', shape: [rows.length], dtype: 'F32', data: Float32Array.from(concepts) },
    together(
      'features',
      rows.map(({ features }) => features),
    ),
    together(
      'scores',
      rows.map(({ scores }) => scores),
    ),
  ]);
  const each = (performance.now() - start) / rows.length;
  say(`${file}: ${rows.length} views, ${each.toFixed(1)} ms each`);
}

function together(name: string, rows: readonly Float32Array[]): StoredTensor {
  const width = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) data.set(row, at * width);
  return halves(name, [rows.length, width], data);
}
