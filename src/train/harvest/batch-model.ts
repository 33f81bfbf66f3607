import type { LoadSettings } from '../../contracts/load.ts';
import type { Rows } from '../../contracts/rows.ts';
import { look } from '../../engine/answer/see-pictures.ts';
import type { Host } from '../../engine/host.ts';
import { openInputs, seeThrough } from '../../engine/load/load-model.ts';
import type { Model } from '../../engine/model.ts';
import { buildLlavaVision } from '../../families/llava/llava-vision.ts';
import { llavaDecoder } from '../../families/llava-parts/llava-tensors.ts';
import type { TargetFiles } from '../../families/read-target.ts';
import { llavaOnly } from '../llava-only.ts';
import { buildLaneGraph } from './lane-graph.ts';
import { createLanes, type Lanes } from './lanes.ts';

/** A target that answers several prompts at once. It has no draft: in a batch there is no idle time to draft in. */
export interface BatchModel extends Pick<Model, 'tokenizer' | 'template' | 'pictures'> {
  readonly files: TargetFiles;
  readonly lanes: Lanes;
  /** A picture file → visual embeddings [tokens, H]. */
  readonly see: (image: string) => Promise<Rows>;
  readonly dispose: () => Promise<void>;
}

/** Reads, checks and binds a model folder, with room for `count` texts. */
export async function openBatchModel(
  host: Pick<Host, 'modelFolder' | 'checkTarget' | 'openSession' | 'decodeImage' | 'now'>,
  { model }: Pick<LoadSettings, 'model'>,
  count: number,
): Promise<BatchModel> {
  const { files, ...inputs } = await openInputs(host, model);
  const { tensors } = files;
  const config = llavaOnly(files.config);
  const vision = await host.openSession(buildLlavaVision(config, tensors));
  const graph = buildLaneGraph(config.decoder, llavaDecoder(config, tensors));
  const decoder = await host.openSession(graph).catch(async (error: unknown) => {
    await vision.dispose();
    throw error;
  });
  const see = seeThrough(vision, config.decoder.hiddenSize);
  return {
    files,
    ...inputs,
    lanes: createLanes(decoder, config.decoder, count),
    see: async (image) => look({ pictures: inputs.pictures, see }, await host.decodeImage(image)),
    dispose: async () => {
      await Promise.all([vision.dispose(), decoder.dispose()]);
    },
  };
}
