import type { DecoderConfig, TargetConfig, TensorRef } from '../../contracts/checkpoint.ts';
import type { PartPrecisions } from '../../contracts/load.ts';
import { formNamed } from '../../formats/forms/forms.ts';
import { columnBytes } from '../../model/block-cache.ts';
import { precisionOf, targetProducts } from './model-products.ts';

/** A conversation of this many tokens must fit; a longer one takes memory as it grows. */
const TOKENS = 4096;
/** Rows of the widest pass: a chunk of a prompt. */
const ROWS = 512;
/** Node, ONNX Runtime, tokenizer. */
const PROGRAM = 100 << 20;

/**
 * Bytes that a model needs to answer, by what they are for; told from headers alone. Matrices take what their form says,
 * the other tensors what they take in their files: they are mapped, and count as if every pass read all of them.
 * @param draft whether a draft comes with it: about one more layer
 */
export function memoryNeed(
  config: TargetConfig,
  tensors: ReadonlyMap<string, TensorRef>,
  precision: PartPrecisions | undefined,
  draft: boolean,
): Record<'weights' | 'caches' | 'work', number> {
  const { decoder } = config;
  const { hiddenSize, intermediateSize, vocabSize, layers } = decoder;
  return {
    weights: targetBytes(config, tensors, precision) + (draft ? draftBytes(decoder, precision) : 0),
    caches:
      Math.min(TOKENS, decoder.contextLength) *
      columnBytes({ ...decoder, layers: layers + (draft ? 1 : 0) }),
    work: PROGRAM + 4 * ROWS * (3 * intermediateSize + 4 * hiddenSize + vocabSize / 4),
  };
}

function targetBytes(
  config: TargetConfig,
  tensors: ReadonlyMap<string, TensorRef>,
  precision: PartPrecisions | undefined,
): number {
  const products = targetProducts(config, tensors);
  const { decoder, head, tower } = products;
  const inProducts = (['decoder', 'head', 'tower'] as const).map((part) => {
    const { bytes } = formNamed(precisionOf(precision, part));
    return sum(products[part].flat().map(({ shape }) => bytes(shape)));
  });
  const stored = (refs: Iterable<TensorRef>) => sum([...refs].map(({ bytes }) => bytes));
  // A tied head's table is read as it is stored, too.
  const matrices = [...decoder, ...tower, ...(config.decoder.tiedEmbeddings ? [] : head)].flat();
  return sum(inProducts) + stored(tensors.values()) - stored(matrices);
}

/** Of an MSD draft: a table in fp32, `fc` and one layer, whose heads all have keys of their own. */
function draftBytes(
  { hiddenSize: h, intermediateSize: m, vocabSize }: DecoderConfig,
  precision: PartPrecisions | undefined,
): number {
  const { bytes } = formNamed(precisionOf(precision, 'draft'));
  const matrices = [
    [h, 2 * h],
    ...Array.from({ length: 4 }, () => [h, h]),
    ...[
      [m, h],
      [m, h],
      [h, m],
    ],
  ];
  return 4 * h * vocabSize + sum(matrices.map(bytes));
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
