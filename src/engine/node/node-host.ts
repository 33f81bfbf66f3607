import { type ConfigFolder, readConfigFolder } from '../../checkpoint/config-file.ts';
import { matchDraft, readDraft } from '../../checkpoint/drafts/draft.ts';
import { unappliedGenerationSettings } from '../../checkpoint/generation-config.ts';
import { fingerprint, readInputFiles } from '../../checkpoint/model-files.ts';
import { originalTowerName } from '../../checkpoint/original-llava/original-llava.ts';
import { readOriginalLlava } from '../../checkpoint/original-llava/read-original-llava.ts';
import { selectTargetTensors, targetConfig } from '../../checkpoint/target-files.ts';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import type { TargetConfig, TensorRef } from '../../contracts/checkpoint.ts';
import type { LoadProgress, LoadSettings, ModelPart } from '../../contracts/load.ts';
import { openConversion } from '../../formats/open-conversion.ts';
import { withForms } from '../../formats/plan-conversion.ts';
import { checkFinite } from '../../formats/read-tensor.ts';
import { createImageDecoder } from '../../input/node/decode-image.ts';
import { ORIGINAL_LLAVA_TEMPLATE } from '../../input/original-llava-template.ts';
import { probeDevice } from '../../runtime/device.ts';
import { createSession, type SessionSettings } from '../../runtime/session.ts';
import type { DraftFiles, Host, TargetFiles } from '../host.ts';
import { imageTokenOf } from '../load/families.ts';
import { partsOf, precisionOf } from '../load/model-products.ts';
import { weightsFolder } from './cache-folder.ts';
import { readCosts, writeCosts } from './cost-cache.ts';
import { requireMemory } from './require-memory.ts';

/** The engine's host on Node: files from disk, sessions of onnxruntime-node. */
export async function createNodeHost(
  settings: LoadSettings & Pick<SessionSettings, 'idle'>,
  tell: (progress: LoadProgress) => void = () => {},
): Promise<Host> {
  const { device, threads, idle = 'sleep', precision } = settings;
  /** What is converted is checked when it is. */
  const check = async (tensors: ReadonlyMap<string, TensorRef>, parts: readonly ModelPart[]) => {
    if (parts.every((part) => precisionOf(precision, part) === 'fp32')) await checkFinite(tensors);
  };
  if (device !== 'cpu') await probeDevice(device);
  return {
    clock: () => performance.now(),
    now: () => new Date(),
    async readTarget(dir) {
      const files = await readTarget(dir);
      await requireMemory(dir, files.config, files.tensors, settings);
      const parts = partsOf(files.config, false);
      await check(files.tensors, parts); // last: it reads all of the weights
      return files;
    },
    async readDraft(dir, target) {
      const files = await readDraftFor(dir, target);
      await check(files.tensors, ['draft']);
      return files;
    },
    convert: (dir, tensors, products) => convert(dir, tensors, products, tell),
    openSession: (graph) => createSession(graph, { device, threads, idle }),
    decodeImage: createImageDecoder(),
    readCosts,
    writeCosts,
  };
}

/** Milliseconds between two tellings. */
const PAUSE = 100;

async function convert(
  dir: string,
  tensors: ReadonlyMap<string, TensorRef>,
  products: Parameters<Host['convert']>[2],
  tell: (progress: LoadProgress) => void,
): Promise<ReadonlyMap<string, TensorRef>> {
  let told = 0;
  let converted = tensors;
  const place = { folder: weightsFolder(), model: dir, now: new Date() };
  for (const [precision, own] of products) {
    const plan = await openConversion(precision, own, place, (file, doneBytes, totalBytes) => {
      const now = performance.now();
      if (doneBytes < totalBytes && now - told < PAUSE) return;
      told = now;
      tell({ precision, file, doneBytes, totalBytes });
    });
    converted = withForms(converted, plan);
  }
  await checkFinite(new Map([...converted].filter(([, { form }]) => form === undefined)));
  return converted;
}

async function readTarget(dir: string): Promise<TargetFiles> {
  const folder = await readConfigFolder(dir);
  const tower = originalTowerName(folder.config);
  const files =
    tower === undefined ? await readPublished(folder) : await readOriginal(folder, tower);
  return {
    ...files,
    unapplied: await unappliedGenerationSettings(dir),
    fingerprint: await fingerprint(files.tensors.values()),
  };
}

type Read = Omit<TargetFiles, 'unapplied' | 'fingerprint'>;

async function readPublished(folder: ConfigFolder): Promise<Read> {
  const { dir } = folder;
  const config = targetConfig(folder);
  const tensors = selectTargetTensors(await readTensorTable(dir), config, dir);
  const inputs = await readInputFiles(dir, imageTokenOf(config) !== undefined);
  return { ...inputs, config, tensors };
}

/** The original code holds its conversation itself, so that its folders have no chat template. */
async function readOriginal(folder: ConfigFolder, tower: string): Promise<Read> {
  const files = await readOriginalLlava(folder, tower);
  const tokenizerConfig = { chat_template: ORIGINAL_LLAVA_TEMPLATE, ...files.tokenizerConfig };
  return { ...files, tokenizerConfig };
}

async function readDraftFor(dir: string, target: TargetConfig): Promise<DraftFiles> {
  const { config, tensors } = await readDraft(dir);
  matchDraft(config, target);
  return { config, tensors, fingerprint: await fingerprint(tensors.values()) };
}
