import type { RgbImage } from '../../contracts/image.ts';
import type { Box, ReaderNetworks, Reading } from '../../contracts/reading.ts';
import { floatsOf, type Session, type Tensor } from '../../contracts/session.ts';
import { cutLine, isUpright } from './cut-line.ts';
import { decodeColumns } from './decode-columns.ts';
import { detectorInput } from './detector-input.ts';
import { findBoxes } from './find-boxes.ts';
import { readChart } from './read-chart.ts';
import { readingOrder } from './reading-order.ts';
import { recogniserInput } from './recogniser-input.ts';

/** Most lines that are read of a picture, in reading order. */
const MOST_LINES = 200;
/** What the recogniser is less sure of is no text. */
const LEAST_CONFIDENCE = 0.5;

/** Finds the lines of a picture and reads them. */
export async function readPage(image: RgbImage, networks: ReaderNetworks): Promise<Reading> {
  const { x, scale } = detectorInput(image);
  const [, , height, width] = x.shape as [number, number, number, number];
  const data = await firstOutput(networks.detector, x);
  const boxes = findBoxes({ width, height, data }, scale, image).map((box) => ({ box }));
  const order = readingOrder(boxes);
  const rows = [];
  let left = MOST_LINES;
  for (const row of order) {
    const lines = [];
    for (const { box } of row.slice(0, left)) {
      const line = { ...(await readLine(image, box, networks)), box };
      if (line.text.trim() !== '' && line.confidence >= LEAST_CONFIDENCE) lines.push(line);
    }
    left -= Math.min(left, row.length);
    if (lines.length > 0) rows.push(lines);
  }
  const { rows: told, chart } = readChart(rows, image);
  return {
    lines: told.flat().map(({ text, confidence, box }) => ({ text, confidence, box })),
    text: told.map((row) => row.map((line) => line.text.trim()).join(' ')).join('\n'),
    ...(chart && { chart }),
    leftOut: Math.max(0, boxes.length - MOST_LINES),
  };
}

/** An upright line is read both ways, as nothing else tells which is its own: the surer reading is kept. */
async function readLine(image: RgbImage, box: Box, networks: ReaderNetworks) {
  const read = async (runs: 'down' | 'up') => {
    const { x, filled } = recogniserInput(cutLine(image, box, runs));
    const line = decodeColumns(await firstOutput(networks.recogniser, x), networks.characters);
    return { ...line, places: line.places.map((place) => place / filled) };
  };
  const down = await read('down');
  if (!isUpright(box)) return down;
  const up = await read('up');
  return up.confidence > down.confidence ? up : down;
}

async function firstOutput(network: Session, x: Tensor): Promise<Float32Array> {
  return floatsOf(await network.run({ x }, [OUTPUT]), OUTPUT);
}

/** As both networks call it. */
const OUTPUT = 'fetch_name_0';
