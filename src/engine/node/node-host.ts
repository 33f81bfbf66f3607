import { matchDraft, readDraft } from '../../checkpoint/drafts/draft.ts';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import type { TargetConfig, TensorRef } from '../../contracts/checkpoint.ts';
import type { LoadProgress, LoadSettings } from '../../contracts/load.ts';
import { openPanels } from '../../formats/open-panels.ts';
import { withEightBits } from '../../formats/plan-panels.ts';
import { checkFinite } from '../../formats/read-tensor.ts';
import { createImageDecoder } from '../../input/node/decode-image.ts';
import { probeDevice } from '../../runtime/device.ts';
import { createSession, type SessionSettings } from '../../runtime/session.ts';
import type { DraftFiles, Host } from '../host.ts';
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
    now: () => new Date(),
    modelFolder,
    async checkTarget(dir, { config, tensors }) {
      await requireMemory(dir, config, tensors, settings);
      await check(tensors); // last: it reads all of the weights
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

async function readDraftFor(dir: string, target: TargetConfig): Promise<DraftFiles> {
  const { config, tensors } = await readDraft(dir);
  matchDraft(config, target);
  return { config, tensors, fingerprint: await modelFolder(dir).fingerprint(tensors.values()) };
}
