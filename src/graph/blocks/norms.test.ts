import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { floatTensor } from '../../contracts/session.ts';
import { createGraph, input, output } from '../graph.ts';
import { expectClose } from '../testing/expect-close.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { kernelsOf } from '../testing/kernels.ts';
import { floats, numRuns, size } from '../testing/random.ts';
import { runnable } from '../testing/runnable.ts';
import { f32, refOf, stored } from '../testing/stored.ts';
import { layerNorm, rmsNorm } from './norms.ts';

const WIDTH = 7;
const EPS = 1e-3;
const GAIN = Float32Array.from({ length: WIDTH }, (_, i) => 0.5 + i / 4);
const BIAS = Float32Array.from({ length: WIDTH }, (_, i) => 1 - i / 3);

const mean = (row: readonly number[]) => row.reduce((sum, x) => sum + x, 0) / row.length;
const meanSquare = (row: readonly number[]) => mean(row.map((x) => x * x));

describe('norms', () => {
  const open = async () => {
    const refs = await stored({ gain: f32([WIDTH], GAIN), bias: f32([WIDTH], BIAS) });
    const { run, dispose } = await runnable((graph) => {
      const x = input(graph, 'x', 'float32', ['n', WIDTH]);
      return { rms: rmsNorm(x, refs.gain, EPS), layer: layerNorm(x, refs.gain, refs.bias, EPS) };
    });
    onTestFinished(dispose);
    return run;
  };

  /** x [n, WIDTH], row by row */
  const byRow = (x: Float32Array, of: (row: number[]) => number[]) =>
    Array.from({ length: x.length / WIDTH }, (_, i) => [
      ...x.subarray(i * WIDTH, (i + 1) * WIDTH),
    ]).flatMap(of);

  const rms = (row: number[]) =>
    row.map((x, i) => (x / Math.sqrt(meanSquare(row) + EPS)) * (GAIN[i] as number));
  const layer = (row: number[]) => {
    const centred = row.map((x) => x - mean(row));
    const root = Math.sqrt(meanSquare(centred) + EPS);
    return centred.map((x, i) => (x / root) * (GAIN[i] as number) + (BIAS[i] as number));
  };

  it('agree with double precision', async () => {
    const run = await open();
    const inputs = size().chain((n) => fc.tuple(fc.constant(n), floats(n * WIDTH)));
    const property = fc.asyncProperty(inputs, async ([n, x]) => {
      const result = await run({ x: floatTensor(x, [n, WIDTH]) });
      expectClose(result, 'rms', byRow(x, rms), 1e-4);
      expectClose(result, 'layer', byRow(x, layer), 1e-4);
    });
    await fc.assert(property, { numRuns });
  });

  it('are finite for a row of zeros, where only eps is left', async () => {
    const run = await open();
    const result = await run({ x: floatTensor(new Float32Array(WIDTH), [1, WIDTH]) });
    expectClose(result, 'rms', new Float32Array(WIDTH));
    expectClose(result, 'layer', BIAS);
  });
});

it('are one kernel each in ONNX Runtime', async () => {
  const refs = await stored({ gain: f32([WIDTH], GAIN), bias: f32([WIDTH], BIAS) });
  const graph = createGraph('g');
  const x = input(graph, 'x', 'float32', ['n', WIDTH]);
  output('y', layerNorm(rmsNorm(x, refs.gain, EPS), refs.gain, refs.bias, EPS));
  expect(await kernelsOf(graph)).toEqual(['SimplifiedLayerNormalization', 'LayerNormalization']);
});

describe('a gain or bias that is not one number per column', () => {
  const x = () => input(createGraph('g'), 'x', 'float32', ['n', WIDTH]);
  const right = refOf('right', [WIDTH]);

  it.each([[[1]], [[WIDTH + 1]], [[1, WIDTH]], [[]]])('is refused: %j', (shape) => {
    const wrong = refOf('wrong', shape);
    const words = ['wrong', `[${shape.join(', ')}]`, `[n, ${WIDTH}]`];
    expectRefusal(() => rmsNorm(x(), wrong, EPS), ...words);
    expectRefusal(() => layerNorm(x(), wrong, right, EPS), ...words);
    expectRefusal(() => layerNorm(x(), right, wrong, EPS), ...words);
  });
});
