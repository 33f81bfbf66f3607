import * as z from 'zod';
import { parseFields } from '../contracts/config-fields.ts';
import type { GgufValue } from './header.ts';
import type { TokenizerMetadata } from './tokenizer-metadata.ts';

const TEMPLATE = 'tokenizer.chat_template';

const templates = z.record(z.string(), z.string());

/** tokenizer_config.json: which tokens have names, and the chat template where the file has one. */
export function tokenizerConfig(
  path: string,
  metadata: ReadonlyMap<string, GgufValue>,
  { named }: TokenizerMetadata,
  contextLength: number,
): object {
  const texts = {
    bos_token: named.bos?.text,
    eos_token: named.eos?.text,
    unk_token: named.unknown?.text,
    pad_token: named.padding?.text,
  };
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    clean_up_tokenization_spaces: false,
    model_input_names: ['input_ids', 'attention_mask'], // else Hugging Face adds token_type_ids, which no decoder takes
    model_max_length: contextLength,
    ...texts,
    ...chatTemplate(path, metadata),
  };
}

/** One template, or several by name with the first called "default". */
function chatTemplate(path: string, metadata: ReadonlyMap<string, GgufValue>): object {
  const own = [...metadata].filter(([key]) => key === TEMPLATE || key.startsWith(`${TEMPLATE}.`));
  const found = Object.entries(parseFields(path, templates, Object.fromEntries(own)));
  const list = found.map(([key, template]) => ({
    name: key === TEMPLATE ? 'default' : key.slice(TEMPLATE.length + 1),
    template,
  }));
  if (list.length === 0) return {};
  const [only] = list;
  const single = list.length === 1 && only?.name === 'default';
  return { chat_template: single ? only.template : list };
}

/** generation_config.json: the tokens that begin, end and pad. */
export function generationConfig({ named, ends }: TokenizerMetadata): Record<string, unknown> {
  const all = [named.eos, named.eot, named.eom, ...ends].flatMap((token) => token?.id ?? []);
  const unique = [...new Set(all)];
  return {
    bos_token_id: named.bos?.id ?? null,
    eos_token_id: unique.length > 1 ? unique : (unique[0] ?? null),
    pad_token_id: named.padding?.id ?? null,
  };
}
