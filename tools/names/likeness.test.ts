import { afterAll, beforeAll, expect, it } from 'vitest';
import { conceptMeans, type Labelled, learnProjection, normalised, project } from './likeness.ts';
import { openProducts, type Products } from './products.ts';

let products: Products;
beforeAll(async () => {
  products = await openProducts();
});
afterAll(() => products.dispose());

/** Concept 3 lies at (1, 0), 7 at (0, 1) and 9 at (-1, -1); the last number is how it was drawn, and far larger. */
const PLACES: Readonly<Record<number, readonly [number, number]>> = {
  3: [1, 0],
  7: [0, 1],
  9: [-1, -1],
};

function drawn(styles: readonly number[]): Labelled {
  const rows = Object.entries(PLACES).flatMap(([concept, place]) =>
    styles.map((style) => ({ concept: Number(concept), row: [...place, 50 * style] })),
  );
  return {
    concepts: Int32Array.from(rows, ({ concept }) => concept),
    features: {
      ...{ rows: rows.length, width: 3 },
      data: Float32Array.from(rows.flatMap(({ row }) => row)),
    },
  };
}

it('knows concepts again in a style that it never saw', async () => {
  const part = drawn([-1, 0, 0.5, 1]);
  const projection = await learnProjection([part], 2, products);
  const seen = { ...part, features: await project(projection, part.features, products) };
  const means = conceptMeans([seen]);
  const order = [...means.keys()];
  const matrix = normalised({
    ...{ rows: order.length, width: 2 },
    data: Float32Array.from([...means.values()].flatMap((mean) => [...mean])),
  });
  const other = drawn([9]);
  const z = normalised(await project(projection, other.features, products));
  const { data, width } = await products.rowByRow(z, matrix);
  const said = [...other.concepts.keys()].map((row) => {
    const scores = [...data.subarray(row * width, (row + 1) * width)];
    return order[scores.indexOf(Math.max(...scores))];
  });
  expect(said).toEqual([3, 7, 9]);
});

it('takes the mean of all rows of a concept, over all parts', () => {
  const part = (concept: number, ...values: number[]): Labelled => ({
    concepts: Int32Array.from(values, () => concept),
    features: { rows: values.length, width: 1, data: Float32Array.from(values) },
  });
  const means = conceptMeans([part(2, 1, 3), part(1, 7), part(2, 8)]);
  expect([...means].map(([concept, mean]) => [concept, ...mean])).toEqual([
    [1, 7],
    [2, 4],
  ]);
});
