/** What emoji show, by the labels and tags of CLDR as the npm package emojibase-data has them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { uniform } from '../../decode/uniform.ts';

export const EMOJIBASE = 'emojibase-data@17.0.0';

export interface EmojiConcept {
  /** Code points in lower case, without variation selectors: `1f436`. */
  readonly code: string;
  readonly label: string;
  readonly tags: readonly string[];
  readonly flag: boolean;
}

const schema = z.array(
  z.object({
    label: z.string(),
    hexcode: z.string(),
    tags: z.array(z.string()).default([]),
    group: z.int().optional(),
  }),
);

/** Parts of other emoji: skin tones and hair. */
const COMPONENTS = 2;

/** All emoji in order, each in one skin tone. @param folder of the package */
export async function emojiConcepts(folder: string): Promise<EmojiConcept[]> {
  const data = schema.parse(JSON.parse(await readFile(join(folder, 'en/data.json'), 'utf8')));
  return data.flatMap(({ label, hexcode, tags, group }) =>
    group === undefined || group === COMPONENTS
      ? []
      : { code: plainCode(hexcode), label, tags, flag: label.startsWith('flag: ') },
  );
}

export const plainCode = (code: string): string => code.toLowerCase().replaceAll('-fe0f', '');

/** Every tenth or so of what is no flag is kept out of training, whoever drew it. */
export function isHeldOut({ code, flag }: EmojiConcept): boolean {
  const points = code.split('-').map((point) => Number.parseInt(point, 16));
  const seed = points.reduce((sum, point) => (31 * sum + point) % 2 ** 31, 0);
  return !flag && uniform(seed, 0) < 0.1;
}
