import * as z from 'zod';
import { parseFields } from '../contracts/config-fields.ts';
import type { JsonFile } from '../contracts/model-folder.ts';
import { printable } from '../contracts/printable.ts';

/** Applied by us, of no effect on the words, or notes about the file itself. */
const SILENT = new Set([
  'bos_token_id',
  'eos_token_id',
  'pad_token_id',
  'use_cache',
  'cache_implementation',
  'output_attentions',
  'output_hidden_states',
  'output_scores',
  'output_logits',
  'return_dict_in_generate',
  'transformers_version',
  '_from_model_config',
]);

/** The value at which a setting of transformers' GenerationConfig changes nothing; others have null. */
const NEUTRAL: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['do_sample', false],
  ['num_beams', 1],
  ['num_beam_groups', 1],
  ['num_return_sequences', 1],
  ['temperature', 1],
  ['top_k', 0],
  ['top_p', 1],
  ['min_p', 0],
  ['typical_p', 1],
  ['epsilon_cutoff', 0],
  ['eta_cutoff', 0],
  ['repetition_penalty', 1],
  ['encoder_repetition_penalty', 1],
  ['length_penalty', 1],
  ['diversity_penalty', 0],
  ['no_repeat_ngram_size', 0],
  ['encoder_no_repeat_ngram_size', 0],
  ['min_length', 0],
  ['early_stopping', false],
  ['renormalize_logits', false],
  ['remove_invalid_values', false],
  ['token_healing', false],
]);

/**
 * The settings of a `generation_config.json` that would change the words and are not applied, such as
 * "repetition_penalty 1.05". Settings that this list does not know are named too.
 * @throws CheckpointError where the file is not a JSON object.
 */
export function unappliedSettings({ path, value }: JsonFile): string[] {
  const settings = parseFields(path, z.record(z.string(), z.unknown()), value);
  return Object.entries(settings)
    .filter(([name, set]) => !SILENT.has(name) && set !== null && set !== NEUTRAL.get(name))
    .map(([name, set]) => `${plain(name)} ${printable(set)}`);
}

/** A name as it is, or quoted where it holds anything but letters, digits and underscores. */
function plain(name: string): string {
  return /^\w{1,200}$/.test(name) ? name : printable(name);
}
