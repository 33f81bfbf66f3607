import type { DraftConfig, Product, TargetConfig, WeightRef } from '../contracts/checkpoint.ts';
import type { PictureReader } from '../contracts/image.ts';
import type { JsonFile } from '../contracts/model-folder.ts';
import type { Graph } from '../graph/graph.ts';
import type { Tokenizer } from '../input/tokenizer.ts';
import type { LlamaWeights } from '../model/llama.ts';
import type { ConfigFiles } from './config-files.ts';
import type { TensorLayout } from './tensor-layout.ts';

/** A family of targets: all that is known of it. C is what its configs say. */
export interface Family<C extends TargetConfig> {
  /**
   * The target that the files describe; a field that would change it in a way that is not built is refused.
   * @throws CheckpointError that names the field
   */
  readonly config: (files: ConfigFiles) => C;
  /** The tensors of its weight files. */
  readonly layout: (config: C) => TensorLayout;
  /** The decoder's weights; its graph is `buildLlama` for all. */
  readonly decoder: (config: C, tensors: Tensors) => LlamaWeights;
  /** Feeds of `pictures` → embeddings [tokens, H]. Absent where the model reads no pictures. */
  readonly vision?: (config: C, tensors: Tensors) => Graph;
  /**
   * The same for pictures whose pixels stand one after the other, as then do their embeddings. Absent where the tower
   * takes one picture at a time.
   */
  readonly visionOfMany?: (config: C, tensors: Tensors) => Graph;
  /** The products of matrices in these graphs. */
  readonly visionProducts?: (config: C, tensors: Tensors) => readonly Product<WeightRef>[];
  /** @throws CheckpointError or TokenizerError where the files are another model's */
  readonly pictures?: (config: C, files: PictureFiles) => PictureReader;
  /** What the names of the tensors begin with that stand between tower and decoder. */
  readonly projector?: readonly string[];
  /** Spread of a weight before training. Default: the usual one. */
  readonly initialSpread?: (config: C, name: string) => number | undefined;
  /** The `model_type`s of drafts that can read this family's features, those made for it first. */
  readonly drafts: readonly [string, ...string[]];
  /**
   * The draft that the files describe, whose config has this family's `model_type`. Absent where there are none.
   * @throws CheckpointError that names the field
   */
  readonly draft?: (files: DraftConfigFiles) => DraftConfig;
}

/** Tensors by their published names. */
export type Tensors = ReadonlyMap<string, WeightRef>;

/** What a way with pictures is made of. */
interface PictureFiles {
  /** `preprocessor_config.json`, or the part of `processor_config.json` that stands for it */
  readonly preprocessor: JsonFile;
  readonly tokenizer: Tokenizer;
}

/** What describes a draft. */
export type DraftConfigFiles = Pick<ConfigFiles, 'family' | 'config'>;
