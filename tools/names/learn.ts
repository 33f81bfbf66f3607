/** `learn`: makes names of what was seen, and writes them whole. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  EMOJIBASE,
  type EmojiConcept,
  emojiConcepts,
  isHeldOut,
} from '../../src/evaluate/pictures/emoji-concepts.ts';
import { fetchPackage } from '../../src/evaluate/pictures/fetch-packages.ts';
import { writeWhole } from '../../src/files/write-file.ts';
import { writeSafetensors } from '../../src/safetensors/write-safetensors.ts';
import { ARTISTS } from './artists.ts';
import { calibrate, type Weighed } from './calibrate.ts';
import { halves } from './halves.ts';
import {
  conceptMeans,
  type Labelled,
  learnProjection,
  normalised,
  type Projection,
  project,
} from './likeness.ts';
import { nameForms } from './name-forms.ts';
import { type Matrix, openProducts, type Products } from './products.ts';
import { readSeen } from './read-seen.ts';
import { seenFile } from './see.ts';

const RANK = 512;
/** Of all views, for calibration. */
const EVERY = 16;

interface Places {
  readonly packages: string;
  readonly seen: string;
  readonly out: string;
  readonly say: (line: string) => void;
}

/** What was seen of an artist, known by who made it. */
interface Part extends Labelled {
  readonly maker: string;
  readonly scores: Matrix;
}

export async function learnNames({ packages, seen, out, say }: Places): Promise<void> {
  const concepts = await emojiConcepts(await fetchPackage(packages, EMOJIBASE, say));
  const parts = await trainingParts(seen, concepts);
  const products = await openProducts();
  say('learning the projection …');
  const projection = await learnProjection(parts, RANK, products);
  const means = conceptMeans(await projected(parts, projection, products));
  const order = [...means.keys()];
  const photographs = await readSeen(seenFile(seen, 'photographs'));
  const views = [
    ...(await drawingViews(parts, projection, order, products)),
    ...(await photographViews(photographs, projection, matrixOf(means, order), products)),
  ];
  say('calibrating …');
  const { scale, offset, loss } = calibrate(views);
  say(`scale ${scale.toFixed(2)}, offset ${offset.toFixed(2)}, loss ${loss.toFixed(3)}`);
  for (const line of summary(views, scale, offset)) say(line);
  await products.dispose();

  const likeness = matrixOf(means, order);
  const weights = likeness.data.map((value) => scale * value);
  const { matrix, bias } = projection;
  const at = (name: string) => `eye.more_names.${name}`;
  await mkdir(out, { recursive: true });
  await writeSafetensors(
    join(out, 'model.safetensors'),
    [
      halves(at('linear_1.weight'), [matrix.rows, matrix.width], matrix.data),
      halves(at('linear_1.bias'), [matrix.rows], bias),
      halves(at('linear_2.weight'), [order.length, matrix.rows], weights),
      halves(at('linear_2.bias'), [order.length], new Float32Array(order.length).fill(offset)),
    ],
    { format: 'pt' },
  );
  const names = order.map((index) => nameForms(concepts[index] as EmojiConcept));
  await writeWhole(join(out, 'names.json'), `${JSON.stringify(names)}\n`);
  say(`${out}: ${order.length} names`);
}

/** Without what is held out: one artist, and a tenth of the concepts. */
async function trainingParts(seen: string, all: readonly EmojiConcept[]): Promise<Part[]> {
  const parts: Part[] = [];
  for (const { name, maker, heldOut } of ARTISTS) {
    if (heldOut) continue;
    const { concepts, features, scores } = await readSeen(seenFile(seen, name));
    const kept = [...concepts.keys()].filter(
      (row) => !isHeldOut(all[concepts[row] as number] as EmojiConcept),
    );
    parts.push({
      maker,
      concepts: Int32Array.from(kept, (row) => concepts[row] as number),
      features: chosenRows(features, kept),
      scores: chosenRows(scores, kept),
    });
  }
  return parts;
}

function chosenRows({ width, data }: Matrix, rows: readonly number[]): Matrix {
  const made = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) {
    made.set(data.subarray(row * width, (row + 1) * width), at * width);
  }
  return { rows: rows.length, width, data: made };
}

async function projected<P extends Labelled>(
  parts: readonly P[],
  projection: Projection,
  products: Products,
): Promise<P[]> {
  const made: P[] = [];
  for (const part of parts) {
    made.push({ ...part, features: await project(projection, part.features, products) });
  }
  return made;
}

/** Means of length one, in order; zeros where there is none. */
function matrixOf(means: ReadonlyMap<number, Float64Array>, order: readonly number[]): Matrix {
  const width = [...means.values()][0]?.length ?? 0;
  const data = new Float32Array(order.length * width);
  for (const [row, concept] of order.entries()) {
    const mean = means.get(concept);
    if (mean === undefined) continue;
    const length = Math.hypot(...mean);
    data.set(
      mean.map((value) => value / length),
      row * width,
    );
  }
  return { rows: order.length, width, data };
}

/** Some views of every artist, beside what the other makers drew. */
async function drawingViews(
  parts: readonly Part[],
  projection: Projection,
  order: readonly number[],
  products: Products,
): Promise<Weighed[]> {
  const all = await projected(parts, projection, products);
  const views: Weighed[] = [];
  for (const { maker, concepts, features, scores } of all) {
    const means = conceptMeans(all.filter((other) => other.maker !== maker));
    const known = [...concepts.keys()].filter(
      (row) => row % EVERY === 0 && means.has(concepts[row] as number),
    );
    const likeness = await products.rowByRow(
      normalised(chosenRows(features, known)),
      matrixOf(means, order),
    );
    for (const [at, row] of known.entries()) {
      views.push({
        likeness: rowOf(likeness, at),
        concept: order.indexOf(concepts[row] as number),
        classes: logSumExp(rowOf(scores, row)),
        weight: 1 / known.length,
      });
    }
  }
  return views.map((view) => ({ ...view, weight: view.weight / all.length }));
}

async function photographViews(
  { features, scores }: Pick<Part, 'features' | 'scores'>,
  projection: Projection,
  means: Matrix,
  products: Products,
): Promise<Weighed[]> {
  const z = normalised(await project(projection, features, products));
  const likeness = await products.rowByRow(z, means);
  return Array.from({ length: features.rows }, (_, row) => ({
    likeness: rowOf(likeness, row),
    concept: undefined,
    classes: logSumExp(rowOf(scores, row)),
    weight: 1 / features.rows,
  }));
}

const rowOf = ({ width, data }: Matrix, row: number): Float32Array =>
  data.subarray(row * width, (row + 1) * width);

function logSumExp(values: Float32Array): number {
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

/** How often views of drawings come out as what they show, and photographs as no drawing. */
function summary(views: readonly Weighed[], scale: number, offset: number): string[] {
  const found = views.map(({ likeness, concept, classes }) => {
    let best = 0;
    for (const at of likeness.keys()) {
      if ((likeness[at] as number) > (likeness[best] as number)) best = at;
    }
    const drawn = scale * (likeness[best] as number) + offset > classes;
    return { photograph: concept === undefined, named: best === concept, drawn };
  });
  const share = (photograph: boolean, holds: (one: (typeof found)[number]) => boolean) => {
    const some = found.filter((one) => one.photograph === photograph);
    return `${((100 * some.filter(holds).length) / some.length).toFixed(1)} % of ${some.length}`;
  };
  return [
    `drawings of an artist whose maker gave no mean, named: ${share(false, ({ named }) => named)}`,
    `of them likelier a drawing than a class of ImageNet's: ${share(false, ({ drawn }) => drawn)}`,
    `photographs, likelier a class of ImageNet's: ${share(true, ({ drawn }) => !drawn)}`,
  ];
}
