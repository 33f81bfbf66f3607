import type { TargetConfig } from '../../contracts/checkpoint.ts';
import { only, parseFields } from '../../contracts/config-fields.ts';
import { edgeTokens } from '../decoder/edge-tokens.ts';
import { plainDecoder, plainLayout } from '../decoder/plain-decoder.ts';
import { plainDraft } from '../decoder/plain-draft.ts';
import { qwen2Decoder, qwen2Schema } from '../decoder/qwen2-config.ts';
import type { Family } from '../family.ts';

const schema = qwen2Schema.extend({ quantization_config: only(null) });

/** A decoder alone (Qwen2.5 too). */
export const qwen2: Family<TargetConfig> = {
  config(files) {
    const { path, value } = files.config;
    const fields = parseFields(path, schema, value);
    const decoder = qwen2Decoder(path, '', fields);
    return { family: 'qwen2', decoder, ...edgeTokens(files, fields) };
  },
  layout: plainLayout,
  decoder: plainDecoder,
  drafts: ['qwen2'],
  draft: plainDraft,
};
