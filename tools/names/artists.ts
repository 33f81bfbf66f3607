/** Who drew the pictures that names are learnt from, and who drew those that they are tried on. */
import { join } from 'node:path';
import {
  type EmojiArtist,
  filesArtist,
  flagsArtist,
  iconifyArtist,
} from '../../src/evaluate/pictures/emoji-artist.ts';
import { fetchPackage } from '../../src/evaluate/pictures/fetch-packages.ts';
import { HELD_OUT_ARTIST } from '../../src/evaluate/suites/emoji-suites.ts';

export interface Artist {
  readonly name: string;
  /** Who may have drawn other sets too, from the same sketches. */
  readonly maker: string;
  readonly package: string;
  readonly licence: string;
  /** Only tried on. */
  readonly heldOut?: true;
  readonly open: (folder: string) => Promise<EmojiArtist>;
}

export const ARTISTS: readonly Artist[] = [
  {
    name: 'noto',
    maker: 'Google',
    package: '@iconify-json/noto@1.2.9',
    licence: 'Apache-2.0',
    open: iconifyArtist,
  },
  {
    name: 'noto-v1',
    maker: 'Google',
    package: '@iconify-json/noto-v1@1.2.5',
    licence: 'Apache-2.0',
    open: iconifyArtist,
  },
  {
    name: 'fluent-flat',
    maker: 'Microsoft',
    package: '@iconify-json/fluent-emoji-flat@1.2.6',
    licence: 'MIT',
    open: iconifyArtist,
  },
  {
    name: 'fluent-3d',
    maker: 'Microsoft',
    package: '@lobehub/fluent-emoji-3d@1.1.0',
    licence: 'MIT',
    open: (folder) => filesArtist(join(folder, 'assets')),
  },
  {
    name: 'fxemoji',
    maker: 'Mozilla',
    package: '@iconify-json/fxemoji@1.2.2',
    licence: 'Apache-2.0',
    open: iconifyArtist,
  },
  {
    name: 'emojione',
    maker: 'JoyPixels',
    package: '@iconify-json/emojione@1.2.3',
    licence: 'CC-BY-4.0',
    open: iconifyArtist,
  },
  {
    name: 'flag-icons',
    maker: 'Panayiotis Lipiridis',
    package: 'flag-icons@7.5.0',
    licence: 'MIT',
    open: (folder) => flagsArtist(join(folder, 'flags/4x3')),
  },
  {
    name: 'flag-icons-square',
    maker: 'Panayiotis Lipiridis',
    package: 'flag-icons@7.5.0',
    licence: 'MIT',
    open: (folder) => flagsArtist(join(folder, 'flags/1x1')),
  },
  {
    name: 'twemoji',
    maker: 'Twitter',
    package: HELD_OUT_ARTIST,
    licence: 'CC-BY-4.0',
    heldOut: true,
    open: iconifyArtist,
  },
];

/** Fetches what isn't there yet. */
export async function openArtist(
  { package: name, open }: Artist,
  place: string,
  say: (line: string) => void,
): Promise<EmojiArtist> {
  return open(await fetchPackage(place, name, say));
}
