import type { Product, TensorRef } from '../../contracts/checkpoint.ts';
import type { PartPrecisions } from '../../contracts/load.ts';
import { blockDraftWeights } from '../../draft/block-parts.ts';
import { decoderOf } from '../../families/families.ts';
import type { DraftFiles } from '../../families/read-any-draft.ts';
import type { TargetFiles } from '../../families/read-target.ts';
import { formNamed } from '../../formats/forms/forms.ts';
import { columnBytes } from '../../model/block-cache.ts';
import { inFiles, precisionOf, productsOfDraft, targetProducts } from './model-products.ts';

/** A conversation of this many tokens must fit; a longer one takes memory as it grows. */
const TOKENS = 4096;
/** Rows of the widest pass: a chunk of a prompt. */
const ROWS = 512;
/** Node, ONNX Runtime, tokenizer. */
const PROGRAM = 100 << 20;

/**
 * Bytes that a model needs to answer, by what they are for; told from headers alone. Matrices take what their form says,
 * the other tensors what they take in their files: they are mapped, and count as if every pass read all of them.
 * @param draft what comes with it
 */
export function memoryNeed(
  target: Pick<TargetFiles, 'config' | 'tensors'>,
  draft: DraftFiles | null,
  precision: PartPrecisions | undefined,
): Record<'weights' | 'caches' | 'work', number> {
  const { decoder } = target.config;
  const { hiddenSize, intermediateSize, vocabSize } = decoder;
  const drafted = draft === null ? 0 : columnBytes({ layers: 1, ...draft.config });
  return {
    weights:
      targetBytes(target, precision) + (draft === null ? 0 : draftBytes(draft, target, precision)),
    caches: Math.min(TOKENS, decoder.contextLength) * (columnBytes(decoder) + drafted),
    work: PROGRAM + 4 * ROWS * (3 * intermediateSize + 4 * hiddenSize + vocabSize / 4),
  };
}

function targetBytes(
  { config, tensors }: Pick<TargetFiles, 'config' | 'tensors'>,
  precision: PartPrecisions | undefined,
): number {
  const products = targetProducts(config, tensors);
  const { decoder, head, tower } = products;
  const inProducts = (['decoder', 'head', 'tower'] as const).map((part) =>
    formBytes(products[part], precisionOf(precision, part)),
  );
  // A tied head's table is read as it is stored, too.
  const matrices = [...decoder, ...tower, ...(config.decoder.tiedEmbeddings ? [] : head)];
  return sum(inProducts) + storedBytes(tensors.values()) - storedBytes(matricesOf(matrices));
}

/** Its own tensors, and the target's head, which its network holds once more where it can't share a file. */
function draftBytes(
  draft: DraftFiles,
  target: Pick<TargetFiles, 'config' | 'tensors'>,
  precision: PartPrecisions | undefined,
): number {
  const products = productsOfDraft(draft);
  const plain = plainProducts(draft);
  const { head } = decoderOf(target);
  const form = formNamed(precisionOf(precision, 'head'));
  const { headTokenIds: ids } = draft.config;
  const all = form.mapped ? 0 : form.bytes(head.shape);
  return (
    formBytes(products, precisionOf(precision, 'draft')) +
    formBytes(plain, 'fp32') +
    storedBytes(draft.tensors.values()) -
    storedBytes(matricesOf([...products, ...plain])) +
    (ids === undefined ? all : form.bytes([ids.length, ...head.shape.slice(1)]))
  );
}

/** What stays in fp32 whatever the draft's precision: the bias between a block's neighbours. */
function plainProducts({ config, tensors }: DraftFiles): readonly Product[] {
  return 'slots' in config
    ? inFiles([{ matrices: [blockDraftWeights(tensors, config).markov.after.weight] }])
    : [];
}

const formBytes = (products: readonly Product[], precision: Parameters<typeof formNamed>[0]) =>
  sum(matricesOf(products).map(({ shape }) => formNamed(precision).bytes(shape)));

const matricesOf = (products: readonly Product[]): TensorRef[] =>
  products.flatMap(({ matrices }) => matrices);

const storedBytes = (refs: Iterable<TensorRef>): number => sum([...refs].map(({ bytes }) => bytes));

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
