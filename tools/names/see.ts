/** `see`: looks at views of every picture, and keeps what the eye makes of them; what is kept already isn't looked at again. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  EMOJIBASE,
  type EmojiConcept,
  emojiConcepts,
} from '../../src/evaluate/pictures/emoji-concepts.ts';
import { fetchPackage } from '../../src/evaluate/pictures/fetch-packages.ts';
import { narrowFloats } from '../../src/formats/narrow-floats.ts';
import { writeSafetensors } from '../../src/safetensors/write-safetensors.ts';
import { ARTISTS, type Artist, openArtist } from './artists.ts';
import { drawFile } from './draw-file.ts';
import { type Looker, openLooker, SIDE } from './open-looker.ts';
import { PHOTOGRAPHS, photographFiles, photographView } from './photographs.ts';
import { drawnView, PLAIN_VIEW, renderView } from './views.ts';

/** Views of a picture: the first plain, the others drawn. */
const VIEWS = { concept: 4, flag: 8, heldOut: 1, photograph: 60 } as const;

/** A view's picture shows no concept. */
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
  if (!existsSync(file)) {
    const folder = await fetchPackage(packages, PHOTOGRAPHS, say);
    await keep(file, looker, photographs(await photographFiles(folder)), say);
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

async function* photographs(files: readonly string[]): AsyncGenerator<Looked> {
  for (const [index, file] of files.entries()) {
    for (let at = 0; at < VIEWS.photograph; at++) {
      yield { concept: NO_CONCEPT - index, pixels: await photographView(file, 100 * index + at) };
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
  const rows: Float32Array[] = [];
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
    { name: 'features', shape: [rows.length, looker.width], dtype: 'F16', data: halves(rows) },
  ]);
  const each = (performance.now() - start) / rows.length;
  say(`${file}: ${rows.length} views, ${each.toFixed(1)} ms each`);
}

function halves(rows: readonly Float32Array[]): Uint16Array {
  const width = rows[0]?.length ?? 0;
  const all = new Uint16Array(rows.length * width);
  for (const [at, row] of rows.entries()) {
    const bytes = narrowFloats(row, 'F16');
    if (bytes === undefined) throw new RangeError('a feature is too large for float16');
    all.set(new Uint16Array(bytes.buffer, bytes.byteOffset, width), at * width);
  }
  return all;
}
