import { modelFolder } from '../../src/checkpoint/model-folder.ts';
import type { WeightRef } from '../../src/contracts/checkpoint.ts';
import { floatsOf } from '../../src/contracts/session.ts';
import { decoderOf, familyOf } from '../../src/families/families.ts';
import type { GlanceConfig } from '../../src/families/glance/glance-config.ts';
import { readTarget } from '../../src/families/read-target.ts';
import { readFloats } from '../../src/formats/read-tensor.ts';
import { createImageDecoder } from '../../src/input/node/decode-image.ts';
import { readPicture } from '../../src/input/node/read-picture.ts';
import {
  floats,
  golden,
  readGoldens,
  repositoryPath,
} from '../../src/input/node/testing/read-goldens.ts';
import { createTokenizer } from '../../src/input/tokenizer.ts';
import { createSession } from '../../src/runtime/session.ts';

const PICTURES = ['balls', 'banana', 'clock', 'noise', 'receipt', 'wide'] as const;

/** PyTorch's names are by squared chances. */
const THEIRS = 2;

/** What a picture's names say: its visual tokens as the words that are nearest to them. */
export interface Named {
  readonly picture: string;
  readonly here: string;
  /** By PyTorch on the unrounded eye. */
  readonly there: string;
}

/**
 * Looks at some pictures through a folder's eye and bridge, and reads the first group of names as words: of ImageNet's classes
 * alone, as PyTorch knows no others.
 * @param classNames what the bridge holds of these
 */
export async function checkNames(folder: string, classNames: Float32Array): Promise<Named[]> {
  const files = await readTarget(modelFolder(folder));
  const { preprocessor } = files;
  const { config, tensors } = ofClassesAlone(files, classNames);
  const tokenizer = createTokenizer(files.tokenizer, files.tokenizerConfig);
  const { vision, pictures } = familyOf(config);
  const reader = pictures?.(config, { preprocessor, tokenizer });
  const graph = vision?.(config, tensors);
  if (graph === undefined || reader === undefined) throw new TypeError('the model sees');
  const table = await readFloats(decoderOf(files).embedding);
  const width = config.decoder.hiddenSize;
  const words = (rows: Float32Array) =>
    tokenizer.decode(nearest(rows, table, width), { skipSpecialTokens: false });
  const goldens = readGoldens('fixtures/eye/goldens.safetensors');
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  const named: Named[] = [];
  for (const picture of PICTURES) {
    const file = await readPicture(repositoryPath(`fixtures/eye/${picture}.png`));
    const image = await createImageDecoder()(file, reader);
    const made = floatsOf(await session.run(reader.feeds(image), ['embeddings']), 'embeddings');
    const theirs = floats(golden(goldens, `${picture}.names`));
    const here = words(made.subarray(0, theirs.length));
    named.push({ picture, here, there: words(theirs) });
  }
  await session.dispose();
  return named;
}

function ofClassesAlone(
  { config, tensors }: Awaited<ReturnType<typeof readTarget>>,
  data: Float32Array,
) {
  if (config.family !== 'glance') throw new TypeError('the model is a glance');
  const glance = config as GlanceConfig;
  const { eye, nameTokens, decoder } = glance;
  const shape = [nameTokens * decoder.hiddenSize, eye.classes];
  const names = { name: 'names.weight', shape, dtype: 'F32', data } as const;
  return {
    config: { ...glance, nameSharpness: THEIRS, eye: { ...eye, moreNames: 0 } },
    tensors: new Map<string, WeightRef>([...tensors, [names.name, names]]),
  };
}

/** Of each row the token whose embedding points the same way most. */
function nearest(rows: Float32Array, table: Float32Array, width: number): Int32Array {
  return Int32Array.from({ length: rows.length / width }, (_, row) => {
    let [best, most] = [0, Number.NEGATIVE_INFINITY];
    for (let id = 0; id < table.length / width; id++) {
      let [product, square] = [0, 0];
      for (let i = 0; i < width; i++) {
        const value = table[id * width + i] as number;
        product += value * (rows[row * width + i] as number);
        square += value * value;
      }
      const likeness = product / Math.sqrt(square);
      if (likeness <= most) continue;
      most = likeness;
      best = id;
    }
    return best;
  });
}
