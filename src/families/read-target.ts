import type { TargetConfig, TensorRef } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import type { JsonFile, ModelFolder } from '../contracts/model-folder.ts';
import { withNamedTokens } from '../input/named-tokens.ts';
import { imageProcessor, optionalJson, readConfigFiles, requiredJson } from './config-files.ts';
import { selectTargetTensors, targetConfig } from './families.ts';
import { publishedFolder } from './llava/original/published-folder.ts';
import { unappliedSettings } from './unapplied-settings.ts';

/** A model folder, read and checked; the weights themselves stay in their files. */
export interface TargetFiles {
  readonly config: TargetConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** Parsed JSON, or the text of a Jinja file; an empty object or undefined where the folder has none. */
  readonly tokenizer: unknown;
  readonly tokenizerConfig: unknown;
  readonly chatTemplateJson: unknown;
  readonly chatTemplateJinja: string | undefined;
  readonly preprocessor: JsonFile;
  /** Settings of `generation_config.json` that would change the words and are not applied. */
  readonly unapplied: readonly string[];
  /** Changes when a weight file does. */
  readonly fingerprint: string;
}

/**
 * Reads the descriptions of a model and the headers of its weights.
 * @throws UnknownFamilyError, CheckpointError or TensorsError
 */
export async function readTarget(given: ModelFolder): Promise<TargetFiles> {
  const folder = await publishedFolder(given);
  const files = await readConfigFiles(folder);
  await refuseDraft(folder);
  const config = targetConfig(files);
  const tensors = selectTargetTensors(await folder.tensors(), config, folder.path);
  const readsPictures = config.imageTokenId !== undefined;
  const optional = async (file: string) => (await optionalJson(folder, file)).value;
  return {
    config,
    tensors,
    tokenizer: (await requiredJson(folder, 'tokenizer.json')).value,
    tokenizerConfig: withNamedTokens(
      await optional('tokenizer_config.json'),
      await optional('special_tokens_map.json'),
    ),
    chatTemplateJson: await optional('chat_template.json'),
    chatTemplateJinja: await folder.text('chat_template.jinja'),
    preprocessor: await imageProcessor(folder, files.processor, readsPictures),
    unapplied: unappliedSettings(files.generation),
    fingerprint: await folder.fingerprint(tensors.values()),
  };
}

/** Drafts have the config of a model; their tensors tell. What else is wrong with weights is said where they are used. */
async function refuseDraft({ path, tensors }: ModelFolder): Promise<void> {
  const table = await tensors().catch(() => undefined);
  if (!table?.has('fc.weight')) return;
  const problem =
    'this is a draft, which guesses for a model; give the model that it was made for.';
  const remedy = { kind: 'use-option', option: 'draft', values: [path] } as const;
  throw new CheckpointError(path, problem, { remedy });
}

/**
 * The target of a folder in Hugging Face's layout.
 * @throws UnknownFamilyError, or CheckpointError that names the field
 */
export async function readTargetConfig(folder: ModelFolder): Promise<TargetConfig> {
  return targetConfig(await readConfigFiles(folder));
}
