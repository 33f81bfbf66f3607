/**
 * The method of a draft, told from its files. Most drafts of methods that don't run here have the keys of an MSD draft
 * and more, and would guess badly rather than fail: they are refused for what only their files have.
 */
import type { DraftConfig, DraftMethod, TensorTable } from '../contracts/checkpoint.ts';
import { UnsupportedDraftError } from '../contracts/errors.ts';
import type { JsonFile, ModelFolder } from '../contracts/model-folder.ts';
import { familyOf } from './families.ts';

interface Files {
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the tensors. */
  readonly tensors: readonly string[];
  /** Every name that the folder goes by: its path, and where links lead. */
  readonly names: string;
  /** README.md, the model card. */
  readonly card: string;
}

interface OtherMethod {
  readonly name: string;
  readonly reason: string;
  readonly is: (files: Files) => boolean;
}

/** Published names, as a folder of a path, in the hub's cache too. */
const COMPRESSED = /(^|[\\/]|--)MSD-(LLaVA1\.6-7B|Qwen2\.5VL-7B-Instruct)([\\/]|$)/im;

const OTHERS: readonly OtherMethod[] = [
  {
    name: 'MSD with visual tokens compressed by k-means',
    reason: "can't run here, since the code of its compression is not public",
    // The later checkpoints of Lyn-Lucy/MSD have the files of the earlier ones; only names and cards tell.
    is: ({ config, names, card }) =>
      COMPRESSED.test(`${names}\n${config._name_or_path ?? ''}`) ||
      (/k-?means/i.test(card) && /compress/i.test(card)) ||
      Object.keys(config).some((field) => /compress|k_?means/i.test(field)),
  },
  {
    name: 'ViSpec',
    reason: 'is not built here',
    is: ({ tensors }) => tensors.some((name) => /^(imadpt|img_fc)\./.test(name)),
  },
  {
    name: 'DREAM',
    reason: 'is not built here',
    // Its second layer reads features from inside the target (SAI-Lab-NYU/DREAM, cnets.py).
    is: ({ tensors }) =>
      tensors.some((name) => /^layers\.\d+\.cross_attn(\.|_(attn|mlp)_gate$)/.test(name)),
  },
  // Both write whole blocks, and would be read here but for what they read themselves.
  {
    name: 'DSpark',
    reason: "reads several of the target's layers, which is not built here",
    is: ({ config, tensors }) =>
      config.markov_rank !== undefined || tensors.some((name) => name.startsWith('markov_head.')),
  },
  {
    name: 'DFlash',
    reason: "reads several of the target's layers, which is not built here",
    is: ({ config, tensors }) =>
      config.block_size !== undefined ||
      (tensors.includes('fc.weight') && tensors.includes('hidden_norm.weight')),
  },
  {
    name: 'EAGLE-3',
    reason: 'is not built here',
    is: ({ config, tensors }) =>
      /eagle-?3/i.test(`${config.architectures} ${config.speculators_model_type}`) ||
      config.draft_vocab_size !== undefined ||
      tensors.some((name) => /^(d2t|t2d)$|^midlayer\.|\.hidden_norm\.weight$/.test(name)),
  },
];

/** @throws UnsupportedDraftError naming the method */
export async function refuseOtherMethods(
  folder: ModelFolder,
  config: JsonFile,
  table: TensorTable,
): Promise<void> {
  const files = {
    config: Object(config.value),
    tensors: [...table.keys()],
    names: (await folder.names()).join('\n'),
    card: (await folder.text('README.md')) ?? '',
  };
  const method = OTHERS.find(({ is }) => is(files));
  if (method !== undefined)
    throw new UnsupportedDraftError(folder.path, method.name, method.reason);
}

/** The methods whose drafts are one layer, called for each level of a tree. */
export type LayerMethod = Exclude<DraftMethod, 'block'>;

/** The method of a draft that runs: those made for families that read pictures learned from pictures. */
export function draftMethod(config: Pick<DraftConfig, 'family'>): LayerMethod {
  return familyOf(config).vision === undefined ? 'eagle' : 'msd';
}
