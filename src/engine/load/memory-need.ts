import type { DecoderConfig, TargetConfig, TensorRef } from '../../contracts/checkpoint.ts';
import type { Precision } from '../../contracts/load.ts';
import { columnBytes } from '../../model/block-cache.ts';

/** A conversation of this many tokens must fit; a longer one takes memory as it grows. */
const TOKENS = 4096;
/** Rows of the widest pass: a chunk of a prompt. */
const ROWS = 512;
/** Node, ONNX Runtime, tokenizer. */
const PROGRAM = 100 << 20;

/**
 * Bytes that a model needs to answer, by what they are for; told from headers alone. In fp32 weights are packed into
 * memory. In 8 bits they are mapped, and count because every pass reads all of them.
 * @param draft whether a draft comes with it: about one more layer
 */
export function memoryNeed(
  { decoder }: Pick<TargetConfig, 'decoder'>,
  tensors: ReadonlyMap<string, TensorRef>,
  precision: Precision,
  draft: boolean,
): Record<'weights' | 'caches' | 'work', number> {
  const eight = precision === 'w8a8';
  const refs = [...new Set(tensors.values())];
  const stored = refs.reduce((sum, { shape }) => {
    const count = shape.reduce((product, dim) => product * dim, 1);
    return sum + count * (eight && shape.length === 2 ? 1 : 4);
  }, 0);
  const table = decoder.tiedEmbeddings && eight ? decoder.vocabSize * decoder.hiddenSize : 0;
  const { hiddenSize, intermediateSize, vocabSize, layers } = decoder;
  return {
    weights: stored + table + (draft ? draftNumbers(decoder) * (eight ? 1 : 4) : 0),
    caches:
      Math.min(TOKENS, decoder.contextLength) *
      columnBytes({ ...decoder, layers: layers + (draft ? 1 : 0) }),
    work: PROGRAM + 4 * ROWS * (3 * intermediateSize + 4 * hiddenSize + vocabSize / 4),
  };
}

/** Of an MSD draft: a table, `fc` and one layer. */
function draftNumbers({ hiddenSize: h, intermediateSize, vocabSize }: DecoderConfig): number {
  return h * (vocabSize + 2 * h + 4 * h + 3 * intermediateSize);
}
