/** A folder given as a model that is another thing, told by the names of its files. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { printable } from '../../contracts/printable.ts';
import { readJsonFile } from '../../files/json-file.ts';
import { parseModelName } from '../../hub/model-name.ts';
import { resolveModel } from '../../hub/resolve-model.ts';
import { giveInstead, type Mistake, otherRuntime } from './mistake.ts';
import { adapters, firstBytes, gguf, LFS_POINTER, lfsPointer } from './mistaken-file.ts';

const WEIGHTS =
  /^(?!adapter_|optimizer|training_args|scheduler|consolidated).*\.(safetensors|bin)$/;
/** A pointer is a few lines. */
const POINTER_BYTES = 1024;

/** By one name that only this kind of folder has. */
const SIGNS: readonly (readonly [sign: RegExp, mistake: Mistake])[] = [
  [
    /^model_index\.json$/,
    {
      what: 'a pipeline of diffusers, which makes pictures',
      advice: 'this program runs models that read and write text',
    },
  ],
  [
    /^(config_sentence_transformers|modules)\.json$/,
    {
      what: 'a model of sentence-transformers, which makes vectors',
      advice: 'this program runs models that write text',
    },
  ],
];

/** Where there are no weights that are read here. */
const RUNTIMES: readonly (readonly [sign: RegExp, what: string])[] = [
  [/\.onnx$|^onnx$/, 'a model for ONNX Runtime'],
  [/^openvino.*\.(xml|bin)$/, 'a model for OpenVINO'],
  [/\.(mlpackage|mlmodelc|mlmodel)$/, 'a model for Core ML'],
  [/\.(engine|plan)$/, 'engines of TensorRT'],
  [/^(tf_model\.h5|saved_model\.pb)$/, 'a model for TensorFlow'],
  [/^flax_model.*\.msgpack$/, 'a model for Flax'],
  [/\.tflite$/, 'a model for TensorFlow Lite'],
  [/^consolidated.*\.(pth|safetensors)$/, "a model in its authors' own format"],
  [/\.(rknn|qnn)$/, 'a model for a phone or board'],
];

/** What the folder is instead of a model; undefined where nothing speaks against a model. */
export async function mistakenFolder(dir: string): Promise<Mistake | undefined> {
  const names = (await readdir(dir)).filter((name) => name !== '.git');
  const has = (name: string) => names.includes(name);
  if (names.length === 0) return { what: 'an empty folder', advice: 'fetch the model into it' };
  const sign = SIGNS.find(([pattern]) => names.some((name) => pattern.test(name)));
  if (sign !== undefined) return sign[1];
  const pointer = await lfsPointerIn(dir, names);
  if (pointer !== undefined)
    return { ...lfsPointer(), what: `a folder whose ${pointer} is a pointer of git-lfs` };
  const weights = names.some((name) => WEIGHTS.test(name));
  if (has('adapter_config.json') && !(weights && has('config.json'))) return adaptersOf(dir);
  if (weights) return undefined;
  const file = names.find((name) => name.endsWith('.gguf') && !/mmproj/i.test(name));
  if (file !== undefined) {
    return { ...(await gguf(join(dir, file))), what: `a folder of GGUF files, as ${file}` };
  }
  const runtime = RUNTIMES.find(([pattern]) => names.some((name) => pattern.test(name)));
  if (runtime !== undefined) return otherRuntime(runtime[1]);
  const halfway = names.find((name) => /\.(incomplete|part|partial|crdownload|aria2)$/.test(name));
  if (halfway !== undefined) {
    return { what: `a model half fetched (${halfway})`, advice: 'fetch it again to the end' };
  }
  const index = names.find((name) => name.endsWith('.index.json'));
  if (index !== undefined) {
    return { what: `a model without its weights, which ${index} lists`, advice: 'fetch it again' };
  }
  return has('config.json') ? undefined : around(dir, names);
}

/** A folder around models. */
function around(dir: string, names: readonly string[]): Mistake | undefined {
  const cached = basename(dir).match(/^models--(?:(.+?)--)?(.+)$/);
  if (cached !== null && names.includes('snapshots')) {
    const model = cached.slice(1).filter(Boolean).join('/');
    return giveInstead("the cache's folder of a model", 'models there go by their names', model);
  }
  if (names.includes('manifests') && names.includes('blobs')) {
    return {
      what: 'the store of Ollama',
      advice: 'import one of its GGUF files, which its Modelfile names',
    };
  }
  const models = names.filter((name) => existsSync(join(dir, name, 'config.json')));
  const [first] = models;
  if (first === undefined) return undefined;
  return giveInstead(
    `a folder around ${models.length === 1 ? 'a model' : `${models.length} models`} (${models.slice(0, 5).join(', ')})`,
    'give one of them',
    join(dir, models.find((name) => /target/.test(name)) ?? first),
  );
}

async function adaptersOf(dir: string): Promise<Mistake> {
  const config = Object(await readJsonFile(join(dir, 'adapter_config.json')));
  const base = config.base_model_name_or_path;
  if (typeof base !== 'string' || base === '') return adapters('a folder of LoRA adapters', dir);
  return adapters(`a folder of LoRA adapters for ${printable(base)}`, dir, nameToFetch(base));
}

/** The name that the hub has a model by; undefined where it is here, or no name. */
function nameToFetch(base: string): string | undefined {
  try {
    resolveModel(base);
    return undefined;
  } catch {
    return parseModelName(base)?.model;
  }
}

async function lfsPointerIn(dir: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names.filter((one) => /\.(safetensors|bin|gguf|json|model)$/.test(one))) {
    const path = join(dir, name);
    const { size } = await stat(path).catch(() => ({ size: POINTER_BYTES + 1 }));
    if (size > POINTER_BYTES || size === 0) continue;
    if ((await firstBytes(path)).startsWith(LFS_POINTER)) return name;
  }
  return undefined;
}
