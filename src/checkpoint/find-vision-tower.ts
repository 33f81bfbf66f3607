import { dirname, join } from 'node:path';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { fileExists } from '../files/json-file.ts';

/** No part leads upwards, and none is hidden. */
const PART = /^\w[\w.-]*$/;

/**
 * The folder of the vision tower that an original LLaVA names: in the model's folder or beside it, as `owner/name` or
 * `name`, or in the Hugging Face cache. Of a path on the disk of whoever trained it only the last part is looked for, so
 * that a config can't point anywhere.
 * @param dir the model's folder
 * @param tower `mm_vision_tower` of its config
 * @param cached folder of a model in the Hugging Face cache
 * @throws CheckpointError where it is in none of these places
 */
export async function findVisionTower(
  dir: string,
  tower: string,
  cached: (model: string) => string | undefined,
): Promise<string> {
  const parts = tower.split(/[\\/]/).filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  if (!parts.every((part) => PART.test(part)) || last === '') {
    throw new CheckpointError(
      dir,
      `mm_vision_tower is ${printable(tower)}, which is no name of a model; set it to owner/name, as openai/clip-vit-large-patch14-336.`,
    );
  }
  const named = parts.length <= 2 && /^\w/.test(tower);
  const places = [dir, dirname(dir)].flatMap((place) =>
    (named ? [parts.join('/'), last] : [last]).map((name) => join(place, name)),
  );
  const inCache = named ? cached(parts.join('/')) : undefined;
  for (const place of inCache === undefined ? places : [...places, inCache]) {
    if (await fileExists(join(place, 'config.json'))) return place;
  }
  throw new CheckpointError(
    dir,
    `its vision tower ${printable(tower)} is neither here, nor beside this folder, nor in the Hugging Face cache; fetch it as well, and put its folder ${last} into this one.`,
  );
}
