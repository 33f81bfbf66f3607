import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../checkpoint/model-folder.ts';
import { TINY_DRAFT, TINY_TARGET, tempFolder } from '../checkpoint/testing/folders.ts';
import { writeRandomBlockDraft } from '../checkpoint/testing/write-block-draft.ts';
import type { BlockDraftConfig } from '../contracts/block-draft.ts';
import type { RopeScaling } from '../contracts/checkpoint.ts';
import {
  CheckpointError,
  DraftMismatchError,
  TensorsError,
  UnsupportedDraftError,
} from '../contracts/errors.ts';
import { TINY_BLOCK } from '../draft/testing/random-block-draft.ts';
import type { StoredTensor } from '../safetensors/testing/write-safetensors.ts';
import { blockDraftConfig, blockDraftConfigJson } from './block-draft-config.ts';
import { blockDraftShapes } from './block-draft-layout.ts';
import { matchDraft } from './match-draft.ts';
import { readAnyDraft } from './read-any-draft.ts';
import { readTarget } from './read-target.ts';

const SMALL: BlockDraftConfig = { ...TINY_BLOCK, hiddenSize: 8, headDim: 4, vocabSize: 30 };

const scalings: fc.Arbitrary<RopeScaling | undefined> = fc.constantFrom(
  undefined,
  { type: 'linear', factor: 2 },
  { type: 'llama3', factor: 8, lowFrequency: 1, highFrequency: 4, originalLength: 512 },
  {
    ...{ type: 'yarn', factor: 4, originalLength: 512, betaFast: 32, betaSlow: 1 },
    ...{ truncate: true, attentionFactor: 1.25 },
  } as const,
);
const configs: fc.Arbitrary<BlockDraftConfig> = fc
  .record({
    family: fc.constantFrom('llava', 'qwen2_vl', 'llama'),
    layers: fc.integer({ min: 1, max: 4 }),
    slots: fc.integer({ min: 2, max: 64 }),
    rank: fc.integer({ min: 1, max: 256 }),
    fusion: fc.constantFrom('decoupled', 'fused'),
    ropeScaling: scalings,
    mropeSection: fc.constantFrom(undefined, [1, 1, 0], [0, 1, 1]),
    headTokenIds: fc.option(
      fc.uniqueArray(fc.nat(29), { minLength: 1 }).map((ids) => ids.sort((a, b) => a - b)),
      { nil: undefined },
    ),
  })
  .map(({ ropeScaling, mropeSection, headTokenIds, ...config }) => ({
    ...SMALL,
    ...config,
    ...(ropeScaling && { ropeScaling }),
    ...(mropeSection && { mropeSection }),
    ...(headTokenIds && { headTokenIds }),
  }));

function draftFolder(
  ...changes: [Record<string, unknown>?, ((t: Record<string, StoredTensor>) => void)?]
) {
  const dir = tempFolder();
  writeRandomBlockDraft(dir, SMALL, ...changes);
  return modelFolder(dir);
}

describe('the config of a block draft', () => {
  it('is read as it was written', () =>
    fc.assert(
      fc.property(configs, (config) => {
        const value = JSON.parse(JSON.stringify(blockDraftConfigJson(config)));
        expect(blockDraftConfig({ path: 'config.json', value })).toEqual(config);
      }),
    ));

  it.each([
    ['block_size', 1],
    ['block_size', 65],
    ['markov_rank', undefined],
    ['target_model_type', undefined],
    ['fusion', 'both'],
    ['attention_bias', true],
    ['hidden_act', 'gelu'],
    ['head_token_ids', [3, 2]],
    ['head_token_ids', [30]],
    ['rope_scaling', { type: 'mrope', mrope_section: [1, 1, 1] }],
  ])('is refused for %s %o', async (field, value) => {
    const reading = readAnyDraft(draftFolder({ [field]: value }));
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(field);
  });
});

describe('the files of a block draft', () => {
  it('hold every tensor of its shape', async () => {
    const { method, config, tensors } = await readAnyDraft(draftFolder());
    expect({ method, config }).toEqual({ method: 'block', config: SMALL });
    expect([...tensors.keys()]).toEqual([...blockDraftShapes(SMALL).keys()]);
  });

  it('are refused with every tensor that is missing, unknown or of another shape', async () => {
    const other = { dtype: 'F32', shape: [4], data: new Float32Array(4) } as const;
    const folder = draftFolder({}, (tensors) => {
      delete tensors['fc.weight'];
      delete tensors['layers.1.mlp.up_proj.weight'];
      tensors['norm.weight'] = other;
      tensors['embed_tokens.weight'] = other;
      tensors['layers.0.self_attn.q_norm.weight'] = other;
    });
    const error: unknown = await readAnyDraft(folder).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TensorsError);
    expect(error).toMatchObject({
      missing: ['fc.weight', 'layers.1.mlp.up_proj.weight'],
      unexpected: ['embed_tokens.weight', 'layers.0.self_attn.q_norm.weight'],
      misshapen: ['norm.weight [4] wants [8]'],
    });
  });

  it('are those of a published draft by another name', async () => {
    const published = { model_type: 'qwen3', target_layer_ids: [1, 9], mask_token_id: 5 };
    const dspark = readAnyDraft(draftFolder(published));
    await expect(dspark).rejects.toBeInstanceOf(UnsupportedDraftError);
    await expect(dspark).rejects.toMatchObject({ method: 'DSpark' });
    const without = draftFolder({ ...published, markov_rank: undefined }, (tensors) => {
      for (const name of Object.keys(tensors)) {
        if (/^(markov|confidence)_head/.test(name)) delete tensors[name];
      }
    });
    await expect(readAnyDraft(without)).rejects.toMatchObject({ method: 'DFlash' });
  });

  it('leave drafts of one layer to their own reader', async () => {
    expect(await readAnyDraft(modelFolder(TINY_DRAFT))).toMatchObject({ method: 'msd' });
  });
});

describe('matchDraft', () => {
  it('takes a block draft for the target that it was made for, and for no other', async () => {
    const { config: target } = await readTarget(modelFolder(TINY_TARGET));
    expect(() => matchDraft(TINY_BLOCK, target)).not.toThrow();
    for (const other of [{ family: 'llama' }, { hiddenSize: 64 }, { vocabSize: 1000 }]) {
      expect(() => matchDraft({ ...TINY_BLOCK, ...other }, target)).toThrow(DraftMismatchError);
    }
  });
});
