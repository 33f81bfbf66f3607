import * as checkpoint from './checkpoint-errors.ts';
import * as engine from './engine-errors.ts';
import * as hub from './hub-errors.ts';
import type { ErrorCode, MsdError } from './msd-error.ts';
import * as request from './request-errors.ts';
import * as training from './training-errors.ts';

/** The class of each code, so that an error that was data becomes itself again. */
export const ERROR_CLASSES: Readonly<
  Record<ErrorCode, abstract new (...args: never[]) => MsdError>
> = {
  chat_template_invalid: engine.ChatTemplateError,
  chat_template_unsupported: engine.UnsupportedTemplateError,
  checkpoint_invalid: checkpoint.CheckpointError,
  config_invalid: training.ConfigError,
  context_length_exceeded: request.ContextLengthError,
  device_unavailable: engine.DeviceError,
  disk_full: training.DiskFullError,
  disk_space_short: hub.DiskSpaceError,
  download_damaged: hub.DamagedDownloadError,
  draft_mismatched: checkpoint.DraftMismatchError,
  draft_unsupported: checkpoint.UnsupportedDraftError,
  drafter_unavailable: request.DrafterUnavailableError,
  engine_lost: engine.EngineLostError,
  family_unknown: checkpoint.UnknownFamilyError,
  feature_not_finite: engine.NonFiniteFeatureError,
  grammar_stuck: engine.NoTokenError,
  graph_invalid: engine.GraphError,
  hub_model_missing: hub.MissingModelError,
  hub_transfer_failed: hub.HubTransferError,
  image_unreadable: request.ImageError,
  memory_short: engine.MemoryError,
  model_busy: hub.ModelBusyError,
  model_disposed: engine.DisposedError,
  model_gated: hub.GatedModelError,
  model_not_found: checkpoint.ModelNotFoundError,
  option_invalid: request.OptionError,
  package_file_missing: engine.PackageFileError,
  placeholders_mismatched: request.PlaceholderError,
  program_failed: engine.ProgramError,
  prompt_invalid: request.PromptError,
  run_folder_invalid: training.RunFolderError,
  run_locked: training.RunLockedError,
  run_mismatched: training.RunMismatchError,
  schema_unsupported: request.SchemaError,
  tensors_mismatched: checkpoint.TensorsError,
  tokenizer_invalid: engine.TokenizerError,
  training_data_invalid: training.TrainingDataError,
  training_diverged: training.TrainingDivergedError,
  weight_not_finite: checkpoint.NonFiniteWeightError,
};
