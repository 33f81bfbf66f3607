import type { TargetConfig } from '../../contracts/checkpoint.ts';
import { only, parseFields } from '../../contracts/config-fields.ts';
import { edgeTokens } from '../decoder/edge-tokens.ts';
import { llamaSchema, llamaSizes } from '../decoder/llama-config.ts';
import { plainDecoder, plainLayout } from '../decoder/plain-decoder.ts';
import { plainDraft } from '../decoder/plain-draft.ts';
import type { Family } from '../family.ts';

const schema = llamaSchema.extend({ quantization_config: only(null) });

/** A decoder alone (SmolLM2 too). */
export const llama: Family<TargetConfig> = {
  config(files) {
    const { path, value } = files.config;
    const fields = parseFields(path, schema, value);
    const decoder = {
      ...llamaSizes(path, '', fields),
      layers: fields.num_hidden_layers,
      tiedEmbeddings: fields.tie_word_embeddings,
    };
    return { family: 'llama', decoder, ...edgeTokens(files, fields) };
  },
  layout: plainLayout,
  decoder: plainDecoder,
  drafts: ['llama'],
  draft: plainDraft,
};
