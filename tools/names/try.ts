/** `try`: what the names alone make of the artist who was held out, without any decoder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as schema from 'zod';
import {
  EMOJIBASE,
  type EmojiConcept,
  emojiConcepts,
  isHeldOut,
} from '../../src/evaluate/pictures/emoji-concepts.ts';
import { fetchPackage } from '../../src/evaluate/pictures/fetch-packages.ts';
import { readFloats } from '../../src/formats/read-tensor.ts';
import { readSafetensorsHeader } from '../../src/safetensors/safetensors.ts';
import { ARTISTS } from './artists.ts';
import { normalised, project } from './likeness.ts';
import { nameForms } from './name-forms.ts';
import { type Matrix, openProducts } from './products.ts';
import { readSeen } from './read-seen.ts';
import { seenFile } from './see.ts';

interface Places {
  readonly packages: string;
  readonly seen: string;
  readonly out: string;
  readonly say: (line: string) => void;
}

export async function tryNames({ packages, seen, out, say }: Places): Promise<void> {
  const concepts = await emojiConcepts(await fetchPackage(packages, EMOJIBASE, say));
  const names = await learntConcepts(out, concepts);
  const tensors = await readSafetensorsHeader(join(out, 'model.safetensors'));
  const matrix = async (name: string): Promise<Matrix> => {
    const ref = tensors.get(`eye.more_names.${name}`);
    if (ref === undefined) throw new TypeError(`there is no ${name} in ${out}`);
    const [rows = 1, width = 1] = ref.shape;
    return { rows, width, data: await readFloats(ref) };
  };
  const bias = (await matrix('linear_1.bias')).data;
  const projection = { matrix: await matrix('linear_1.weight'), bias };
  const offset = (await matrix('linear_2.bias')).data[0] as number;
  const products = await openProducts();
  for (const { name, heldOut } of ARTISTS) {
    if (!heldOut) continue;
    const views = await readSeen(seenFile(seen, name));
    const z = normalised(await project(projection, views.features, products));
    const scores = await products.rowByRow(z, await matrix('linear_2.weight'));
    const found = [...views.concepts.keys()].map((row) => {
      const own = concepts[views.concepts[row] as number] as EmojiConcept;
      const order = best(rowOf(scores, row), 5).map((at) => names[at] as EmojiConcept);
      const most = (rowOf(scores, row)[names.indexOf(order[0] as EmojiConcept)] as number) + offset;
      const likelier = most > Math.max(...rowOf(views.scores, row));
      return { own, order, likelier };
    });
    say(`${name}, by the names alone:`);
    const kinds = {
      emoji: found.filter(({ own }) => !own.flag && !isHeldOut(own)),
      flags: found.filter(({ own }) => own.flag),
    };
    for (const [kind, some] of Object.entries(kinds)) {
      const share = (holds: (one: (typeof found)[number]) => boolean) =>
        `${((100 * some.filter(holds).length) / some.length).toFixed(1)} %`;
      say(
        `${kind}: ${some.length}, first ${share(({ own, order }) => order[0] === own)}, among five ${share(({ own, order }) => order.includes(own))}, before all of ImageNet ${share(({ likelier }) => likelier)}`,
      );
    }
  }
  await products.dispose();
}

/** The concepts that names.json stands for, in its order. */
async function learntConcepts(
  out: string,
  concepts: readonly EmojiConcept[],
): Promise<EmojiConcept[]> {
  const text = await readFile(join(out, 'names.json'), 'utf8');
  const forms = schema.array(schema.array(schema.string())).parse(JSON.parse(text));
  const byForm = new Map(concepts.map((concept) => [nameForms(concept).join(), concept]));
  return forms.map((form) => byForm.get(form.join()) as EmojiConcept);
}

const rowOf = ({ width, data }: Matrix, row: number): Float32Array =>
  data.subarray(row * width, (row + 1) * width);

function best(scores: Float32Array, count: number): number[] {
  return [...scores.keys()]
    .sort((a, b) => (scores[b] as number) - (scores[a] as number))
    .slice(0, count);
}
