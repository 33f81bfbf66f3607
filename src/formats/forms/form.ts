import type {
  ConvertedTensor,
  Product,
  ProductSides,
  TensorRef,
  WeightRef,
} from '../../contracts/checkpoint.ts';
import type { Value } from '../../graph/graph.ts';

/** A number format of weight matrices: what products with them are, what they hold, and how stored ones become it. */
export interface Form {
  /**
   * x [n, in] by the matrices of one product, plus the bias [out] of each, or none → [n, out]. A row's bits are its own at
   * any n ≥ 2.
   */
  readonly product: (x: Value, matrices: readonly WeightRef[], biases: readonly Value[]) => Value;
  /** x [n, in] by some outputs of a matrix alone in its product, indices int32 [m] → [n, m] */
  readonly chosenProduct: (x: Value, matrix: WeightRef, indices: Value) => Value;
  /**
   * x [n, in] by a matrix of these numbers [out, in], which the graph holds → [n, out]: to try whether rows keep apart.
   * Absent where whole numbers make sure of it, or products are those that every model has.
   */
  readonly constantProduct?: (x: Value, matrix: Float32Array) => Value;
  /** Bytes of memory that a matrix [out, in] takes while it is used; a convolution's weight has more axes. */
  readonly bytes: (shape: readonly number[]) => number;
  /** Whether they are used where their file is mapped, so that a second network with the same matrix takes nothing more. */
  readonly mapped: boolean;
  /** Absent where matrices are read as they are stored. */
  readonly packing?: Packing;
}

/** Weights in 8 bits that a processor multiplies rightly and without a copy: from -128 to 127, or from 0 to 255. */
export type EightBits = 'signed' | 'unsigned';

/** How matrices are converted. */
export interface Packing {
  /** Raised when what is packed changes: no file of an earlier one is read again. */
  readonly version: number;
  /** Which of the spaces beside a product are turned. */
  readonly sides: (product: ProductSides) => ProductSides;
  /** What a file holds of each product, in order. */
  readonly layout: (products: readonly Product[], eightBits: EightBits) => readonly PartLayout[];
  /**
   * The bytes of a product's parts, one after the other. A piece lasts until the next is asked for.
   * @param rows all rows of a matrix in order as they are stored, some whole ones at a time, each piece until the next is
   *   asked for
   * @throws NonFiniteWeightError, and what `rows` throws
   */
  readonly pack: (
    product: Product,
    layout: PartLayout,
    rows: (matrix: TensorRef) => AsyncIterable<Uint8Array>,
  ) => AsyncIterable<Uint8Array>;
}

/** The parts of a product by the form's own names, in the order in which their bytes stand. */
export type PartLayout = Readonly<Record<string, Pick<ConvertedTensor, 'dtype' | 'shape'>>>;
