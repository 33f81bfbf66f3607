import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { RgbImage } from '../../contracts/image.ts';
import type { ReaderNetworks, Reading } from '../../contracts/reading.ts';
import { floatsOf, floatTensor } from '../../contracts/session.ts';
import { openReaderNetworks } from '../../engine/node/open-reader.ts';
import { characterErrors } from '../../evaluate/character-errors.ts';
import { decodeSource } from '../node/testing/decode-source.ts';
import {
  floats,
  golden,
  largestDifference,
  readGoldens,
  readJson,
  repositoryPath,
} from '../node/testing/read-goldens.ts';
import { numberIn } from './chart-number.ts';
import { decodeColumns } from './decode-columns.ts';
import { detectorInput } from './detector-input.ts';
import { readPage } from './read-page.ts';
import { recogniserInput } from './recogniser-input.ts';

const FOLDER = 'fixtures/reader';
const { lines, receipt } = z
  .object({
    lines: z.array(z.object({ name: z.string(), truth: z.string(), read: z.string() })),
    receipt: z.object({
      crop: z.tuple([z.int(), z.int(), z.int(), z.int()]),
      rows: z.array(z.tuple([z.int(), z.int()])),
      truth: z.array(z.string()),
    }),
  })
  .parse(readJson(`${FOLDER}/cases.json`));
const charts = z
  .record(z.string(), z.array(z.tuple([z.string(), z.string()])))
  .parse(readJson(`${FOLDER}/charts/charts.json`));
const goldens = readGoldens(`${FOLDER}/goldens.safetensors`);
const open = (name: string) => decodeSource(repositoryPath(`${FOLDER}/${name}`));

let networks: ReaderNetworks;
beforeAll(async () => {
  networks = await openReaderNetworks({ threads: 1 });
});
afterAll(async () => {
  await Promise.all([networks.detector.dispose(), networks.recogniser.dispose()]);
});

const OUTPUT = 'fetch_name_0';
const OTHER_CPU = 2e-3;

describe('the networks against others who ran them', () => {
  it('has the same map of a receipt', async () => {
    const page = await open('receipt.png');
    const [, , width, height] = receipt.crop;
    const top: RgbImage = { width, height, data: page.data.subarray(0, width * height * 3) };
    const map = floatsOf(
      await networks.detector.run({ x: detectorInput(top).x }, [OUTPUT]),
      OUTPUT,
    );
    expect(largestDifference(map, floats(golden(goldens, 'receipt.det')))).toBeLessThan(OTHER_CPU);
  });

  it.each(['line0', 'line4'])('reads %s as it was read from the same pixels', async (name) => {
    const input = golden(goldens, `${name}.input`);
    const x = floatTensor(floats(input), [1, ...input.shape]);
    const columns = floatsOf(await networks.recogniser.run({ x }, [OUTPUT]), OUTPUT);
    const best = new Int32Array(golden(goldens, `${name}.argmax`).bytes.buffer);
    const classes = networks.characters.length + 1;
    const own = Array.from(best, (_, column) => {
      const row = columns.subarray(column * classes, (column + 1) * classes);
      return row.indexOf(Math.max(...row));
    });
    expect(own).toEqual([...best]);
    const { read } = lines.find((line) => line.name === name) as (typeof lines)[number];
    expect(decodeColumns(columns, networks.characters).text).toBe(read);
  });

  it('makes nearly the same pixels of a line', async () => {
    const { x } = recogniserInput(await open('line4.png'));
    const { shape, bytes } = golden(goldens, 'line4.input');
    expect(x.shape.slice(1)).toEqual(shape);
    const other = new Float32Array(bytes.buffer);
    const apart = other.reduce((sum, value, i) => sum + Math.abs(value - (x.data[i] as number)), 0);
    // Lines are made smaller by another filter than there.
    expect(apart / other.length).toBeLessThan(0.06);
  });
});

describe('readPage', () => {
  it('reads a receipt row by row', async () => {
    const { text } = await readPage(await open('receipt.png'), networks);
    expect(text.split('\n')).toEqual(receipt.truth.map((row) => row.replace(/ +/g, ' ')));
  });

  it.each(Object.entries(charts))('reads a chart (%s) name by name', async (name, pairs) => {
    const { text, chart } = await readPage(await open(`charts/${name}.png`), networks);
    expect(chart?.values).toEqual(pairs.map(([name, number]) => ({ name, number })));
    const lines = pairs.map((pair) => pair.join(' '));
    expect(text.split('\n').filter((line) => lines.includes(line))).toEqual(lines);
    const largest = pairs.reduce((a, b) => (numberIn(b[1]) > numberIn(a[1]) ? b : a));
    expect(chart?.most).toBe(pairs.indexOf(largest));
  });

  it('finds no text in a picture of shapes', async () => {
    const picture = await decodeSource(repositoryPath('fixtures/tiny/images/square.png'));
    const nothing: Reading = { lines: [], text: '', leftOut: 0 };
    expect(await readPage(picture, networks)).toEqual(nothing);
  });

  it.each([
    [1, 1],
    [3000, 2],
    [2, 3000],
  ])('takes a picture of %d × %d', async (width, height) => {
    const image = { width, height, data: new Uint8Array(width * height * 3).fill(200) };
    expect((await readPage(image, networks)).text).toBe('');
  });

  const pages = readdirSync(repositoryPath(`${FOLDER}/pages`)).filter((n) => !n.endsWith('.txt'));
  it.each(pages)('reads %s with at most 3 % of its characters wrong', async (page) => {
    const truth = readFileSync(
      repositoryPath(`${FOLDER}/pages/${page.replace(/\.\w+$/, '.txt')}`),
      'utf8',
    );
    const { text } = await readPage(await open(`pages/${page}`), networks);
    const { errors, of } = characterErrors(truth, text);
    expect(errors / of).toBeLessThanOrEqual(0.03);
  });
});
