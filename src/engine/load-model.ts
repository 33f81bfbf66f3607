import type { TensorRef } from '../contracts/checkpoint.ts';
import type { ImageProcessorConfig, PixelValues } from '../contracts/image.ts';
import type { LoadSettings, ModelInfo } from '../contracts/load.ts';
import type { Rows } from '../contracts/rows.ts';
import { floatsOf, floatTensor, type Session } from '../contracts/session.ts';
import type { Target } from '../contracts/target.ts';
import type { Costs } from '../decode/costs.ts';
import { type ChatTemplate, createChatTemplate } from '../input/chat-template.ts';
import { chatTemplateFrom } from '../input/chat-template-from.ts';
import { parseImageProcessorConfig } from '../input/image-processor-config.ts';
import { createTokenizer, type Tokenizer } from '../input/tokenizer.ts';
import { buildLlava } from '../model/llava.ts';
import { createDrafters, type Drafters } from './drafters.ts';
import type { DraftFiles, Host, TargetFiles } from './host.ts';
import { measureCosts } from './measure-costs.ts';
import { createMeter, type Meter, metered } from './meter.ts';
import { createTarget } from './target.ts';

/** A model that is ready to answer. */
export interface Model {
  readonly info: ModelInfo;
  readonly files: TargetFiles;
  readonly target: Target;
  /** Pixels of one picture → visual embeddings [tokens, H]. */
  readonly see: (pixels: PixelValues) => Promise<Rows>;
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  readonly imageProcessor: ImageProcessorConfig;
  readonly drafters: Drafters;
  readonly costs: Costs;
  readonly meter: Meter;
  readonly dispose: () => Promise<void>;
}

/** Reads, checks and binds a model folder and its draft, and times them. */
export async function loadModel(host: Host, settings: LoadSettings): Promise<Model> {
  const files = await host.readTarget(settings.model);
  const draft = settings.draft === null ? null : await host.readDraft(settings.draft, files.config);
  const { config, tensors } = files;
  const tokenizer = createTokenizer(files.tokenizer, files.tokenizerConfig);
  const template = createChatTemplate(chatTemplateFrom(files), {
    namedTokens: tokenizer.namedTokens,
    now: host.now,
  });
  const imageProcessor = parseImageProcessorConfig(files.preprocessorConfig, settings.model);

  const meter = createMeter();
  const open = async (
    graph: Parameters<Host['openSession']>[0],
    part: keyof Meter,
  ): Promise<Session> => metered(await host.openSession(graph), part, meter, host.clock);
  const graphs = buildLlava(config, tensors);
  const vision = await open(graphs.vision, 'vision');
  const decoder = await open(graphs.decoder, 'target');
  const head = tensors.get('language_model.lm_head.weight') as TensorRef;
  const drafters = createDrafters(draft, head, config.imageTokenId, (graph) =>
    open(graph, 'draft'),
  );
  const target = createTarget(decoder, config.decoder);
  const dispose = async () => {
    await Promise.all([vision.dispose(), decoder.dispose(), drafters.dispose()]);
  };
  try {
    const { costs, cached } = await costsOf(host, settings, files, draft, target, drafters);
    const info = infoOf(settings, files, draft, costs, cached);
    const see = async ({ data, height, width }: PixelValues): Promise<Rows> => {
      const pixels = floatTensor(data, [1, 3, height, width]);
      const embeddings = floatsOf(await vision.run({ pixels }, ['embeddings']), 'embeddings');
      const rowWidth = config.decoder.hiddenSize;
      return { data: embeddings, count: embeddings.length / rowWidth, width: rowWidth };
    };
    return {
      info,
      files,
      target,
      see,
      tokenizer,
      template,
      imageProcessor,
      drafters,
      costs,
      meter,
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function costsOf(
  host: Host,
  settings: LoadSettings,
  files: TargetFiles,
  draft: DraftFiles | null,
  target: Target,
  drafters: Drafters,
): Promise<{ costs: Costs; cached: boolean }> {
  const key = [
    files.fingerprint,
    draft?.fingerprint ?? 'none',
    settings.device,
    settings.threads,
  ].join('-');
  const known = await host.readCosts(key);
  if (known !== undefined) return { costs: known, cached: true };
  const drafter = draft === null ? null : await drafters.get('msd');
  const costs = await measureCosts(target, drafter, host.clock);
  await host.writeCosts(key, costs);
  return { costs, cached: false };
}

function infoOf(
  settings: LoadSettings,
  { config, tensors, unapplied }: TargetFiles,
  draft: DraftFiles | null,
  costs: Costs,
  cached: boolean,
): ModelInfo {
  const { decoder } = config;
  const refs = [...new Set(tensors.values())];
  const draftRefs = draft === null ? [] : [...draft.tensors.values()];
  const numbers = (list: readonly TensorRef[]) =>
    list.reduce((sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1), 0);
  const dtypes = [...new Set(refs.map(({ dtype }) => dtype))].join(', ');
  const perToken = 2 * 4 * decoder.layers * decoder.kvHeads * decoder.headDim;
  const draftPerToken = draft === null ? 0 : 2 * 4 * draft.config.kvHeads * draft.config.headDim;
  return {
    ...settings,
    family: config.family,
    precision: `fp32 (weights ${dtypes})`,
    contextLength: decoder.contextLength,
    hiddenSize: decoder.hiddenSize,
    layers: decoder.layers,
    vocabSize: decoder.vocabSize,
    parameters: numbers(refs),
    draftParameters: numbers(draftRefs),
    weightBytes: [...refs, ...draftRefs].reduce((sum, { bytes }) => sum + bytes, 0),
    cacheBytesPerToken: perToken + draftPerToken,
    imageTokens: config.imageTokens,
    unapplied,
    costs: { target: costs.target, draftLevel: draft === null ? null : costs.draftLevel, cached },
  };
}
