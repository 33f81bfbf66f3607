/**
 * The families of targets that run: one row each. Which files describe them, and by which names their tensors go, is the
 * row of the same name in checkpoint/target-files.ts.
 */
import type {
  Idefics3Config,
  Qwen25VlConfig,
  QwenVisionConfig,
  TargetConfig,
  WeightRef,
} from '../../contracts/checkpoint.ts';
import type { PictureLayout, PictureReader } from '../../contracts/image.ts';
import type { Tensor } from '../../contracts/session.ts';
import type { Graph } from '../../graph/graph.ts';
import { clipPictures } from '../../input/clip-pictures.ts';
import { idefics3Pictures } from '../../input/idefics3-pictures.ts';
import { parseIdefics3ProcessorConfig } from '../../input/idefics3-processor-config.ts';
import { parseImageProcessorConfig } from '../../input/image-processor-config.ts';
import { llavaNextPictures } from '../../input/llava-next-pictures.ts';
import { parseLlavaNextProcessorConfig } from '../../input/llava-next-processor-config.ts';
import { qwenVlPictures } from '../../input/qwen-vl-pictures.ts';
import { parseQwenVlProcessorConfig } from '../../input/qwen-vl-processor-config.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';
import { buildIdefics3Vision, idefics3Decoder, tileTokens } from '../../model/idefics3.ts';
import { type LlamaWeights, llamaWeights } from '../../model/llama.ts';
import { buildLlavaVision, llavaDecoder } from '../../model/llava.ts';
import { buildLlavaNextVision } from '../../model/llava-next.ts';
import { llavaSpread } from '../../model/llava-spread.ts';
import { buildQwen2Vision, buildQwen25Vision } from '../../model/qwen-vision.ts';
import { towerRotary, towerWindows } from '../../model/tower-feeds.ts';
import { checkAnyres, checkPatches, checkPictureSize, checkTileSide } from './check-inputs.ts';

type PictureGrid = NonNullable<PictureLayout['grid']>;
type Tensors = ReadonlyMap<string, WeightRef>;

/** What a way with pictures is made of. */
interface PictureFiles {
  /** The model's folder, for messages. */
  readonly dir: string;
  /** `preprocessor_config.json`, parsed. */
  readonly preprocessor: unknown;
  readonly tokenizer: Tokenizer;
}

/** How a family's networks are built, from tensors by their published names. */
interface Family<C extends TargetConfig> {
  /** The decoder's weights; its graph is `buildLlama` for all. */
  readonly decoder: (config: C, tensors: Tensors) => LlamaWeights;
  /** Feeds of `pictures` → embeddings [tokens, H]. Absent where the model reads no pictures. */
  readonly vision?: (config: C, tensors: Tensors) => Graph;
  /**
   * The same for pictures whose pixels stand one after the other, as then do their embeddings. Absent where the tower
   * takes one picture at a time.
   */
  readonly visionOfMany?: (config: C, tensors: Tensors) => Graph;
  readonly pictures?: (config: C, files: PictureFiles) => PictureReader;
  /** What the names of the tensors begin with that stand between tower and decoder. */
  readonly projector?: readonly string[];
  /** Spread of a weight before training. Default: the usual one. */
  readonly initialSpread?: (config: C, name: string) => number | undefined;
}

/** Names of decoders that nothing stands around. */
const plainDecoder = ({ decoder }: Pick<TargetConfig, 'decoder'>, tensors: Tensors): LlamaWeights =>
  llamaWeights(tensors, decoder, { model: 'model.', head: 'lm_head.weight' });

const text: Family<Extract<TargetConfig, { family: 'llama' | 'qwen2' }>> = {
  decoder: plainDecoder,
};

const idefics3: Family<Idefics3Config> = {
  decoder: idefics3Decoder,
  vision: buildIdefics3Vision,
  visionOfMany: buildIdefics3Vision,
  projector: ['model.connector.'],
  pictures(config, { dir, preprocessor, tokenizer }) {
    const processor = parseIdefics3ProcessorConfig(preprocessor, dir);
    checkTileSide(dir, config.vision, processor);
    const { imageTokenId } = config;
    return idefics3Pictures(processor, tokenizer, { imageTokenId, tileTokens: tileTokens(config) });
  },
};

const FAMILIES: {
  readonly [F in TargetConfig['family']]: Family<Extract<TargetConfig, { family: F }>>;
} = {
  llava: {
    decoder: llavaDecoder,
    vision: (config, tensors) => buildLlavaVision(config, tensors),
    visionOfMany: (config, tensors) => buildLlavaVision(config, tensors, 'p'),
    projector: ['multi_modal_projector.'],
    initialSpread: llavaSpread,
    pictures(config, { dir, preprocessor }) {
      const processor = parseImageProcessorConfig(preprocessor, dir);
      checkPictureSize(dir, config.vision, processor);
      return clipPictures(processor, config);
    },
  },
  llava_next: {
    decoder: llavaDecoder,
    vision: buildLlavaNextVision,
    projector: ['multi_modal_projector.', 'image_newline'],
    initialSpread: llavaSpread,
    pictures(config, { dir, preprocessor }) {
      const processor = parseLlavaNextProcessorConfig(preprocessor, dir);
      checkAnyres(dir, config, processor);
      return llavaNextPictures(processor, config);
    },
  },
  idefics3,
  smolvlm: idefics3,
  qwen2_vl: {
    decoder: plainDecoder,
    vision: buildQwen2Vision,
    projector: ['visual.merger.'],
    pictures: qwenPictures(towerRotary),
  },
  qwen2_5_vl: {
    decoder: plainDecoder,
    vision: buildQwen25Vision,
    projector: ['visual.merger.'],
    pictures: qwenPictures((grid, vision: Qwen25VlConfig['vision']) => ({
      ...towerRotary(grid, vision),
      ...towerWindows(grid, vision),
    })),
  },
  llama: text,
  qwen2: text,
};

/** Qwen's way with pictures, whose towers are fed more than pixels, by the rows and columns of the embeddings. */
function qwenPictures<V extends QwenVisionConfig>(
  towerFeeds: (grid: PictureGrid, vision: V) => Readonly<Record<string, Tensor>>,
) {
  return (
    { imageTokenId, vision }: { readonly imageTokenId: number; readonly vision: V },
    { dir, preprocessor }: PictureFiles,
  ): PictureReader => {
    const processor = parseQwenVlProcessorConfig(preprocessor, dir);
    checkPatches(dir, vision, processor);
    return qwenVlPictures(processor, {
      imageTokenId,
      towerFeeds: (grid) => towerFeeds(grid, vision),
    });
  };
}

/** The row of a target's family. */
export function familyOf(config: TargetConfig): Family<TargetConfig> {
  return FAMILIES[config.family] as Family<TargetConfig>;
}

/** The id that stands in a prompt where a picture goes, if the model reads pictures. */
export function imageTokenOf(config: TargetConfig): number | undefined {
  return 'imageTokenId' in config ? config.imageTokenId : undefined;
}
