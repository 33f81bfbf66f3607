/**
 * Where everything lies in a file of converted weights, before a weight is read: a safetensors file with the parts of each
 * product, one after the other.
 */
import type {
  ConvertedForm,
  ConvertedTensor,
  Product,
  Stored,
  TensorRef,
} from '../contracts/checkpoint.ts';
import type { ConvertedPrecision } from '../contracts/load.ts';
import type { EightBits, PartLayout } from './forms/form.ts';
import { packingOf } from './forms/forms.ts';

export interface ConversionPlan {
  readonly kind: ConvertedPrecision;
  readonly products: readonly PlannedProduct[];
  readonly header: Uint8Array;
  /** Of the whole file. */
  readonly bytes: number;
}

export interface PlannedProduct {
  readonly product: Product;
  readonly layout: PartLayout;
  readonly parts: Readonly<Record<string, ConvertedTensor>>;
}

/** Data begins at a multiple, so that it lies on cache lines. */
const ALIGNMENT = 64;
const WIDTHS = { F32: 4, I8: 1, U8: 1 } as const satisfies Record<ConvertedTensor['dtype'], number>;

/** @param path where the file will stand */
export function planConversion(
  kind: ConvertedPrecision,
  products: readonly Product[],
  path: string,
  eightBits: EightBits,
): ConversionPlan {
  const layouts = packingOf(kind).layout(products, eightBits);
  let end = 0;
  const tensors = layouts.map((layout, index) => {
    const matrices = products[index]?.matrices.map(({ name }) => name).join('+');
    return Object.entries(layout).map(([part, { dtype, shape }]): [string, ConvertedTensor] => {
      const bytes = shape.reduce((count, dim) => count * dim, WIDTHS[dtype]);
      const tensor = { name: `${matrices}.${part}`, dtype, shape, path, offset: end, bytes };
      end += bytes;
      return [part, tensor];
    });
  });
  const header = headerOf(tensors.flatMap((parts) => parts.map(([, tensor]) => tensor)));
  const placed = ([part, tensor]: [string, ConvertedTensor]) =>
    [part, { ...tensor, offset: header.length + tensor.offset }] as const;
  return {
    kind,
    products: products.map((product, index) => ({
      product,
      layout: layouts[index] as PartLayout,
      parts: Object.fromEntries((tensors[index] ?? []).map(placed)),
    })),
    header,
    bytes: header.length + end,
  };
}

/** @param tensors by their places after the header */
function headerOf(tensors: readonly ConvertedTensor[]): Uint8Array {
  const entries = tensors.map(({ name, dtype, shape, offset, bytes }) => [
    name,
    { dtype, shape, data_offsets: [offset, offset + bytes] },
  ]);
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil((8 + json.length) / ALIGNMENT) * ALIGNMENT;
  const header = Buffer.alloc(length, ' ');
  header.writeBigUInt64LE(BigInt(length - 8));
  json.copy(header, 8);
  return header;
}

/** The same tensors, those that are matrices of the plan in its form. */
export function withForms(
  tensors: ReadonlyMap<string, TensorRef>,
  { kind, products }: Pick<ConversionPlan, 'kind' | 'products'>,
): Map<string, TensorRef> {
  const forms = new Map<string, ConvertedForm>();
  for (const { product, parts } of products) {
    const { matrices } = product;
    const sides = packingOf(kind).sides(product);
    const outputs = matrices.reduce((sum, { shape }) => sum + (shape[0] as number), 0);
    let first = 0;
    for (const matrix of matrices) {
      forms.set(placeOf(matrix), { kind, parts, outputs, first, sides });
      first += matrix.shape[0] as number;
    }
  }
  return new Map(
    [...tensors].map(([name, ref]) => {
      const form = forms.get(placeOf(ref));
      return [name, form === undefined ? ref : { ...ref, form }];
    }),
  );
}

const placeOf = ({ path, offset }: Stored): string => `${path}#${offset}`;
