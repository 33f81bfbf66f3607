import { expect, it } from 'vitest';
import { floatsOf, floatTensor } from '../../contracts/session.ts';
import { createGraph, input, output } from '../../graph/graph.ts';
import { createSession } from '../../runtime/session.ts';
import { moreScores } from './more-names.ts';

const inMemory = (name: string, shape: number[], data: number[]) => ({
  ...{ name, shape, dtype: 'F32' as const, data: Float32Array.from(data) },
});

it('scores by the angle to each name, cell after cell of the middle stage, then of the last', async () => {
  const graph = createGraph('names');
  const middle = input(graph, 'middle', 'float32', [1, 2, 4, 4]);
  const last = input(graph, 'last', 'float32', [1, 1, 2, 2]);
  // Row 0 reads the second channel of the middle's third cell, row 1 the last stage's last cell.
  const features = 2 * 16 + 4;
  const read = [5, features - 1].flatMap((place) =>
    Array.from({ length: features }, (_, at) => Number(at === place)),
  );
  const first = {
    weight: inMemory('a', [2, features], read),
    bias: inMemory('b', [2], [0, 1]),
  };
  const second = {
    weight: inMemory('c', [3, 2], [10, 0, 0, 10, 6, 8]),
    bias: inMemory('d', [3], [-1, -2, -3]),
  };
  output('scores', moreScores({ middle, last }, [first, second]));
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  const ramp = (length: number) => Float32Array.from({ length }, (_, at) => at);
  const feeds = {
    middle: floatTensor(ramp(32), [1, 2, 4, 4]),
    last: floatTensor(ramp(4), [1, 1, 2, 2]),
  };
  const scores = floatsOf(await session.run(feeds, ['scores']), 'scores');
  await session.dispose();
  const z = [18, 3 + 1]; // second channel, third place; fourth place and the bias
  const length = Math.hypot(...z);
  const expected = [
    10 * ((z[0] as number) / length) - 1,
    10 * ((z[1] as number) / length) - 2,
    (6 * (z[0] as number) + 8 * (z[1] as number)) / length - 3,
  ];
  expect(scores.length).toBe(3);
  for (const [at, score] of expected.entries()) expect(scores[at]).toBeCloseTo(score, 4);
});
