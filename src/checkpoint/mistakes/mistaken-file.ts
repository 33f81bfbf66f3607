/** A file given as a model, told by its first bytes, else by its name. */
import { open } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { giveInstead, type Mistake, otherRuntime } from './mistake.ts';

const LOOK = 512;

export const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

/** First bytes of a file, one character a byte. */
export async function firstBytes(path: string, count = LOOK): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

const EXTENSIONS: ReadonlyMap<string, (path: string) => Mistake> = new Map([
  ['.safetensors', weightsAlone],
  ['.bin', weightsAlone],
  ['.pt', weightsAlone],
  ['.pth', weightsAlone],
  ['.ckpt', weightsAlone],
  ['.onnx', () => otherRuntime('an ONNX file')],
  ['.engine', () => otherRuntime('an engine of TensorRT')],
  ['.plan', () => otherRuntime('an engine of TensorRT')],
  ['.tflite', () => otherRuntime('a TensorFlow Lite file')],
  ['.task', () => otherRuntime('a MediaPipe file')],
  ['.mlmodel', () => otherRuntime('a Core ML file')],
  ['.h5', () => otherRuntime('a TensorFlow file')],
  ['.msgpack', () => otherRuntime('a Flax file')],
  ['.gz', archive],
  ['.tgz', archive],
  ['.tar', archive],
  ['.7z', archive],
  ['.json', descriptionAlone],
  ['.jinja', descriptionAlone],
  ['.model', descriptionAlone],
]);

const STARTS: readonly (readonly [start: RegExp, mistake: (path: string) => Mistake])[] = [
  [/^$/, () => ({ what: 'an empty file', advice: 'fetch the model again, and give its folder' })],
  [new RegExp(`^${LFS_POINTER}`), lfsPointer],
  [/^(ggjt|tjgg|lmgg|fmgg)/, () => otherRuntime('a file of llama.cpp from before GGUF')],
  [/^(\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP)/s, picture],
  [/^\s*(#.*\n\s*)*FROM\s+\S/, modelfile],
];

/** What a file is that was given as a model's folder. */
export async function mistakenFile(path: string): Promise<Mistake> {
  const start = await firstBytes(path);
  if (start.startsWith('GGUF')) return gguf(path);
  const known = STARTS.find(([pattern]) => pattern.test(start));
  if (known !== undefined) return known[1](path);
  const named = EXTENSIONS.get(extname(path).toLowerCase());
  if (named !== undefined) return named(path);
  if (start.startsWith('PK\x03\x04')) return archive();
  return { what: 'a file', advice: 'a model is a folder with config.json, weights and tokenizer' };
}

/** Language models can be imported, towers of pictures can not. */
export async function gguf(path: string): Promise<Mistake> {
  const { readGguf } = await import('../../gguf/read-gguf.ts');
  const { metadata } = await readGguf(path);
  const tower = metadata.get('general.architecture') === 'clip';
  if (tower || metadata.get('general.type') === 'mmproj') {
    const advice =
      'it holds no language model, and no import reads it: use the model that it belongs to, in its own folder';
    return { what: 'a vision tower for llama.cpp (mmproj)', advice };
  }
  return {
    what: 'a GGUF file',
    advice: 'it has to become a folder first',
    remedy: { kind: 'import-file', file: path },
  };
}

export function lfsPointer(): Mistake {
  const advice =
    'the file itself was never fetched: run "git lfs pull" in the folder, or fetch the model again';
  return { what: 'a pointer of git-lfs', advice };
}

function weightsAlone(path: string): Mistake {
  if (/^adapter_model\./.test(basename(path))) {
    return adapters('the weights of LoRA adapters', dirname(path));
  }
  return giveInstead('weights alone', 'a model is the folder around them', dirname(path));
}

/** Adapters become a model by an export. */
export const adapters = (what: string, folder: string, base?: string): Mistake => ({
  what,
  advice: 'they have to be merged into the model that they belong to',
  remedy: { kind: 'merge-adapters', folder, ...(base !== undefined && { base }) },
});

function descriptionAlone(path: string): Mistake {
  return giveInstead("one of a model's files", 'a model is the folder around it', dirname(path));
}

function picture(): Mistake {
  const remedy = { kind: 'use-option', option: 'image' } as const;
  return {
    what: 'a picture',
    advice: 'a model is a folder, and pictures have their own option',
    remedy,
  };
}

function archive(): Mistake {
  return { what: 'an archive', advice: 'unpack it, and give the folder with config.json' };
}

function modelfile(): Mistake {
  const advice =
    'it says what a model of Ollama is made of: find its GGUF file, which its Modelfile names, and import that';
  return { what: 'a Modelfile of Ollama', advice };
}
