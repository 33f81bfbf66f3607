import { setImmediate } from 'node:timers/promises';
import { type ConfigFolder, readConfigFolder } from '../../checkpoint/config-file.ts';
import { matchDraft, readDraft } from '../../checkpoint/drafts/draft.ts';
import { unappliedGenerationSettings } from '../../checkpoint/generation-config.ts';
import { fingerprint, readInputFiles } from '../../checkpoint/model-files.ts';
import { originalTowerName } from '../../checkpoint/original-llava/original-llava.ts';
import { readOriginalLlava } from '../../checkpoint/original-llava/read-original-llava.ts';
import { selectTargetTensors, targetConfig } from '../../checkpoint/target-files.ts';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import type { TargetConfig, TensorRef } from '../../contracts/checkpoint.ts';
import type { LoadProgress, LoadSettings } from '../../contracts/load.ts';
import { openPanels } from '../../formats/open-panels.ts';
import { withEightBits } from '../../formats/plan-panels.ts';
import { checkFinite } from '../../formats/read-tensor.ts';
import { createImageDecoder } from '../../input/node/decode-image.ts';
import { ORIGINAL_LLAVA_TEMPLATE } from '../../input/original-llava-template.ts';
import { probeDevice } from '../../runtime/device.ts';
import { createSession, type SessionSettings } from '../../runtime/session.ts';
import type { DraftFiles, Host, TargetFiles } from '../host.ts';
import { imageTokenOf } from '../load/families.ts';
import { weightsFolder } from './cache-folder.ts';
import { readCosts, writeCosts } from './cost-cache.ts';
import { requireMemory } from './require-memory.ts';

/** The engine's host on Node: files from disk, sessions of onnxruntime-node. */
export async function createNodeHost(
  settings: LoadSettings & Pick<SessionSettings, 'idle'>,
  tell: (progress: LoadProgress) => void = () => {},
): Promise<Host> {
  const { device, threads, idle = 'sleep', precision = 'fp32' } = settings;
  const check = precision === 'fp32' ? checkFinite : async () => {}; // in 8 bits, when they are made
  if (device !== 'cpu') await probeDevice(device);
  return {
    clock: () => performance.now(),
    letMessagesIn: () => setImmediate(),
    now: () => new Date(),
    async readTarget(dir) {
      const files = await readTarget(dir);
      await requireMemory(dir, files.config, files.tensors, settings);
      await check(files.tensors); // last: it reads all of the weights
      return files;
    },
    async readDraft(dir, target) {
      const files = await readDraftFor(dir, target);
      await check(files.tensors);
      return files;
    },
    toEightBits: (dir, tensors, products) => toEightBits(dir, tensors, products, tell),
    openSession: (graph) => createSession(graph, { device, threads, idle }),
    decodeImage: createImageDecoder(),
    readCosts,
    writeCosts,
  };
}

/** Milliseconds between two tellings. */
const PAUSE = 100;

async function toEightBits(
  dir: string,
  tensors: ReadonlyMap<string, TensorRef>,
  products: readonly (readonly TensorRef[])[],
  tell: (progress: LoadProgress) => void,
): Promise<ReadonlyMap<string, TensorRef>> {
  let told = 0;
  const place = { folder: weightsFolder(), model: dir, now: new Date() };
  const plan = await openPanels(products, place, (file, done, total) => {
    const now = performance.now();
    if (done < total && now - told < PAUSE) return;
    told = now;
    tell({ file, doneBytes: done, totalBytes: total });
  });
  const converted = withEightBits(tensors, plan);
  await checkFinite(new Map([...converted].filter(([, { eightBit }]) => eightBit === undefined)));
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
