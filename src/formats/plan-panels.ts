/**
 * Where everything lies in a file of 8-bit panels, before a weight is read: a safetensors file with the panels of each
 * product, then the steps of their columns.
 */
import { type EightBitPanels, PANEL_COLUMNS, type TensorRef } from '../contracts/checkpoint.ts';

/** The matrices of one product, side by side. */
export interface PlannedProduct {
  readonly matrices: readonly TensorRef[];
  readonly panels: EightBitPanels;
  readonly steps: TensorRef;
}

export interface PanelsPlan {
  readonly products: readonly PlannedProduct[];
  readonly header: Uint8Array;
  /** Of the whole file. */
  readonly bytes: number;
}

/** Data begins at a multiple, so that panels lie on cache lines. */
const ALIGNMENT = 64;

/** @param path where the file will stand */
export function planPanels(products: readonly (readonly TensorRef[])[], path: string): PanelsPlan {
  const parts = products.map((matrices) => {
    const name = matrices.map((matrix) => matrix.name).join('+');
    const rows = matrices.reduce((sum, { shape }) => sum + (shape[0] as number), 0);
    const count = Math.ceil(rows / PANEL_COLUMNS);
    return { matrices, name, count, into: matrices[0]?.shape[1] as number };
  });
  const entries: Record<string, object> = {};
  let end = 0;
  const placed = parts.map((part) => {
    const [panels, steps] = [end, end + part.count * part.into * PANEL_COLUMNS];
    end = steps + part.count * PANEL_COLUMNS * 4;
    entries[part.name] = {
      dtype: 'I8',
      shape: [part.count, part.into, PANEL_COLUMNS],
      data_offsets: [panels, steps],
    };
    entries[`${part.name}.steps`] = {
      dtype: 'F32',
      shape: [part.count, 1, PANEL_COLUMNS],
      data_offsets: [steps, end],
    };
    return { ...part, at: { panels, steps, end } };
  });
  const header = headerOf(entries);
  return {
    products: placed.map(({ matrices, name, count, into, at }) => ({
      matrices,
      panels: {
        ...{ name, dtype: 'I8', shape: [count, into, PANEL_COLUMNS], path },
        ...{ offset: header.length + at.panels, bytes: at.steps - at.panels },
      },
      steps: {
        ...{ name: `${name}.steps`, dtype: 'F32', shape: [count, 1, PANEL_COLUMNS], path },
        ...{ offset: header.length + at.steps, bytes: at.end - at.steps },
      },
    })),
    header,
    bytes: header.length + end,
  };
}

function headerOf(entries: Readonly<Record<string, object>>): Uint8Array {
  const json = Buffer.from(JSON.stringify(entries));
  const length = Math.ceil((8 + json.length) / ALIGNMENT) * ALIGNMENT;
  const header = Buffer.alloc(length, ' ');
  header.writeBigUInt64LE(BigInt(length - 8));
  json.copy(header, 8);
  return header;
}

/** The same tensors, matrices of the plan with their 8-bit copies. One that stands under two names stays one. */
export function withEightBits(
  tensors: ReadonlyMap<string, TensorRef>,
  { products }: Pick<PanelsPlan, 'products'>,
): Map<string, TensorRef> {
  const copies = new Map<TensorRef, TensorRef>();
  for (const { matrices, panels, steps } of products) {
    let first = 0;
    for (const matrix of matrices) {
      copies.set(matrix, { ...matrix, eightBit: { panels, steps, first } });
      first += matrix.shape[0] as number;
    }
  }
  return new Map([...tensors].map(([name, ref]) => [name, copies.get(ref) ?? ref]));
}
