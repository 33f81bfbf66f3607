import { type Remedy, remedyText } from './remedy.ts';

/** Stable names of what went wrong, one for each class: they survive minifying, JSON and other languages. */
export type ErrorCode =
  | 'chat_template_invalid'
  | 'chat_template_unsupported'
  | 'checkpoint_invalid'
  | 'config_invalid'
  | 'context_length_exceeded'
  | 'device_unavailable'
  | 'disk_full'
  | 'disk_space_short'
  | 'download_damaged'
  | 'draft_mismatched'
  | 'draft_unsupported'
  | 'drafter_unavailable'
  | 'engine_lost'
  | 'family_unknown'
  | 'feature_not_finite'
  | 'grammar_stuck'
  | 'graph_invalid'
  | 'hub_model_missing'
  | 'hub_transfer_failed'
  | 'image_unreadable'
  | 'memory_short'
  | 'model_busy'
  | 'model_disposed'
  | 'model_gated'
  | 'model_not_found'
  | 'option_invalid'
  | 'package_file_missing'
  | 'placeholders_mismatched'
  | 'program_failed'
  | 'prompt_invalid'
  | 'run_folder_invalid'
  | 'run_locked'
  | 'run_mismatched'
  | 'schema_unsupported'
  | 'tensors_mismatched'
  | 'tokenizer_invalid'
  | 'training_data_invalid'
  | 'training_diverged'
  | 'weight_not_finite';

export interface MsdErrorOptions extends ErrorOptions {
  readonly remedy?: Remedy | undefined;
}

/**
 * Every failure that a user can cause or meet is one of these classes. The message says in one sentence what is
 * wrong and what to do; the fields carry the data that a handler needs.
 */
export abstract class MsdError extends Error {
  /** Written out: a minified bundle gives classes other names. */
  abstract override readonly name: string;
  abstract readonly code: ErrorCode;
  /** Marks our errors across duplicate installs. */
  readonly msd = true;
  /** The message without the remedy, for those who word that themselves. */
  readonly problem: string;
  /** What a setting of ours would do about it. */
  readonly remedy: Remedy | undefined;

  constructor(problem: string, { remedy, ...options }: MsdErrorOptions = {}) {
    super(remedy === undefined ? problem : `${problem} ${remedyText(remedy)}`, options);
    this.problem = problem;
    this.remedy = remedy;
  }

  /** True for an error of this library, whichever copy of it threw. */
  static is(error: unknown): error is MsdError {
    return error instanceof Error && 'msd' in error && error.msd === true;
  }
}
