/** Things that people give as a model by mistake: each is told what it is, and what goes on. */
import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../contracts/errors.ts';
import { readDraft } from '../../families/read-draft.ts';
import { readTarget } from '../../families/read-target.ts';
import { encodeGguf } from '../../gguf/testing/write-gguf.ts';
import { resolveModel } from '../../hub/resolve-model.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { modelFolder } from '../model-folder.ts';
import { copyOf, setFields, TINY_DRAFT, TINY_TARGET, tempFolder } from '../testing/folders.ts';

const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n';
const MODELFILE = 'FROM ./model.gguf\nPARAMETER temperature 1\n';
const LLAMA = repositoryPath('fixtures/gguf/llama3-eos-end_of_text.gguf');
const PICTURE = repositoryPath('fixtures/pictures/rgb.png');
const SCRIPT = repositoryPath('fixtures/pytorch/module.bin');

/** A folder with these files; a name that ends in / is a folder. */
function folder(files: Readonly<Record<string, string>>): string {
  const dir = tempFolder();
  for (const [name, text] of Object.entries(files)) {
    if (name.endsWith('/')) mkdirSync(join(dir, name), { recursive: true });
    else writeFileSync(join(dir, name), text);
  }
  return dir;
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, content);
  return path;
}

function copied(from: string, name = basename(from)): string {
  const path = join(tempFolder(), name);
  copyFileSync(from, path);
  return path;
}

/** The tiny target with another config, or without some of its files. */
function target(fields: object, ...without: string[]): string {
  const dir = copyOf(TINY_TARGET);
  setFields(join(dir, 'config.json'), { ...fields });
  for (const name of without) rmSync(join(dir, name));
  return dir;
}

function around(): string {
  const dir = tempFolder();
  cpSync(TINY_TARGET, join(dir, 'target'), { recursive: true });
  cpSync(TINY_DRAFT, join(dir, 'draft'), { recursive: true });
  return dir;
}

const withMmproj = () =>
  file('mmproj-f16.gguf', encodeGguf({ 'general.architecture': 'clip' }, []));
const quantised = (method: string) => target({ quantization_config: { quant_method: method } });
const config = '{"model_type": "llama"}';

const MODELS: readonly (readonly [string, () => string, RegExp])[] = [
  ['a GGUF file', () => copied(LLAMA), /a GGUF file.*msd import .*\.gguf/],
  ['an mmproj', withMmproj, /\(mmproj\).*use the model that it belongs to/],
  ['a folder of GGUF files', () => folderOf(copied(LLAMA)), /folder of GGUF files.*msd import/],
  [
    'a safetensors file',
    () => join(TINY_TARGET, 'model.safetensors'),
    /weights alone.*option model/,
  ],
  ['a PyTorch file', () => copied(SCRIPT), /weights alone.*option model/],
  ['a config', () => join(TINY_TARGET, 'config.json'), /one of a model's files.*option model/],
  ['a folder around models', around, /a folder around 2 models.*option model .*target/],
  ['an empty folder', () => folder({}), /an empty folder; fetch/],
  ['an empty file', () => file('model.gguf', ''), /an empty file; fetch/],
  ['a picture', () => copied(PICTURE), /a picture.*option image/],
  ['a zip', () => file('model.zip', 'PK\x03\x04 '), /an archive; unpack it/],
  ['a tarball', () => file('model.tar.gz', '\x1f\x8b'), /an archive; unpack it/],
  ['a Modelfile', () => file('Modelfile', MODELFILE), /Modelfile of Ollama.*import that/],
  ['the store of Ollama', () => folder({ 'manifests/': '', 'blobs/': '' }), /store of Ollama/],
  ['a text file', () => file('notes.txt', 'hello'), /a file; a model is a folder/],
  ['an ONNX file', () => file('model.onnx', '\x08\x07'), /an ONNX file.*safetensors/],
  ['an ONNX folder', () => folder({ 'config.json': config, 'onnx/': '' }), /ONNX Runtime/],
  ['OpenVINO', () => folder({ 'config.json': config, 'openvino_model.xml': '' }), /OpenVINO/],
  ['Core ML', () => folder({ 'model.mlpackage/': '' }), /Core ML/],
  ['TensorRT', () => folder({ 'config.json': config, 'rank0.engine': '' }), /TensorRT/],
  ['TensorFlow', () => folder({ 'config.json': config, 'tf_model.h5': '' }), /TensorFlow/],
  ['Flax', () => folder({ 'config.json': config, 'flax_model.msgpack': '' }), /Flax/],
  ["Meta's format", () => folder({ 'consolidated.00.pth': '', 'params.json': '' }), /own format/],
  ['a pipeline', () => folder({ 'model_index.json': '{}' }), /diffusers/],
  ['vectors', () => folder({ 'config.json': config, 'modules.json': '[]' }), /vectors/],
  [
    'LoRA adapters',
    () =>
      folder({
        'adapter_config.json': '{"base_model_name_or_path": "owner/base"}',
        'adapter_model.safetensors': 'x',
      }),
    /LoRA adapters for "owner\/base"; .*msd export /,
  ],
  ['a pointer of git-lfs', () => file('model.safetensors', POINTER), /git-lfs; .*git lfs pull/],
  [
    'a folder of pointers',
    () => folder({ 'config.json': config, 'model.safetensors': POINTER }),
    /model\.safetensors is a pointer of git-lfs.*git lfs pull/,
  ],
  [
    'an index without shards',
    () => folder({ 'config.json': config, 'model.safetensors.index.json': '{"weight_map": {}}' }),
    /without its weights.*fetch it again/,
  ],
  [
    'half a download',
    () => folder({ 'config.json': config, 'model.safetensors.part': '' }),
    /half fetched/,
  ],
  ['AWQ', () => quantised('awq'), /quantised with AWQ.*precision w8a8/],
  ['GPTQ', () => quantised('gptq'), /quantised with GPTQ.*precision w8a8/],
  ['bitsandbytes', () => quantised('bitsandbytes'), /bitsandbytes.*precision w8a8/],
  ['FP8', () => quantised('fp8'), /quantised with FP8.*precision w8a8/],
  ['MLX', () => target({ quantization: { group_size: 64, bits: 4 } }), /with MLX/],
  ['a draft', () => TINY_DRAFT, /this is a draft.*option draft .*draft/],
  ['another kind of model', () => target({ model_type: 'bert' }), /"bert" is not supported/],
  ['a missing folder', () => join(tempFolder(), 'gone'), /no such file/],
];

function folderOf(path: string): string {
  return join(path, '..');
}

describe('given as a model', () => {
  it.each(MODELS)('%s is told', async (_, make, words) => {
    const reading = readTarget(modelFolder(make()));
    await expect(reading).rejects.toThrow(words);
  });
});

it('a cache folder goes by its name', async () => {
  const dir = join(tempFolder(), 'models--owner--tiny');
  mkdirSync(join(dir, 'snapshots'), { recursive: true });
  await expect(readTarget(modelFolder(dir))).rejects.toThrow(/option model owner\/tiny/);
});

it('a target given as a draft is told', async () => {
  await expect(readDraft(modelFolder(TINY_TARGET))).rejects.toBeInstanceOf(CheckpointError);
  await expect(readDraft(modelFolder(TINY_TARGET))).rejects.toThrow(
    /no draft.*without option draft/,
  );
});

it.each([
  'https://huggingface.co/owner/tiny',
  'https://huggingface.co/owner/tiny/tree/main',
  'huggingface.co/owner/tiny',
  'hf.co/owner/tiny',
  'hf://owner/tiny',
])('the address %s is told by its name', (address) => {
  expect(() => resolveModel(address)).toThrow(/goes by the name owner\/tiny.*Fetch owner\/tiny/);
});
