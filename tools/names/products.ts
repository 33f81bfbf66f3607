/** Products of large matrices, which ONNX Runtime is faster at than any loop here. */
import { floatsOf, floatTensor, type Session } from '../../src/contracts/session.ts';
import { createGraph, input, output } from '../../src/graph/graph.ts';
import { product } from '../../src/graph/operators/matrix.ts';
import { createSession } from '../../src/runtime/session.ts';

/** Rows of numbers, one after the other. */
export interface Matrix {
  readonly rows: number;
  readonly width: number;
  readonly data: Float32Array; // [rows, width]
}

export interface Products {
  /** aᵀ · b of [n, k] and [n, m] → [k, m] */
  acrossRows(a: Matrix, b: Matrix): Promise<Matrix>;
  /** a · bᵀ of [n, k] and [m, k] → [n, m] */
  rowByRow(a: Matrix, b: Matrix): Promise<Matrix>;
  dispose(): Promise<void>;
}

export async function openProducts(): Promise<Products> {
  const across = await openProduct(['n', 'k'], ['n', 'm'], { a: true });
  const byRow = await openProduct(['n', 'k'], ['m', 'k'], { b: true });
  return {
    acrossRows: (a, b) => run(across, a, b, { rows: a.width, width: b.width }),
    rowByRow: (a, b) => run(byRow, a, b, { rows: a.rows, width: b.rows }),
    async dispose() {
      await across.dispose();
      await byRow.dispose();
    },
  };
}

function openProduct(
  left: readonly string[],
  right: readonly string[],
  transposed: { readonly a?: true; readonly b?: true },
): Promise<Session> {
  const graph = createGraph('product');
  const a = input(graph, 'a', 'float32', left);
  output('made', product(a, input(graph, 'b', 'float32', right), transposed));
  return createSession(graph, { device: 'cpu', threads: 1 });
}

async function run(
  session: Session,
  a: Matrix,
  b: Matrix,
  made: { readonly rows: number; readonly width: number },
): Promise<Matrix> {
  const feeds = {
    a: floatTensor(a.data, [a.rows, a.width]),
    b: floatTensor(b.data, [b.rows, b.width]),
  };
  return { ...made, data: floatsOf(await session.run(feeds, ['made']), 'made') };
}
