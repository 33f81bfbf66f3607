import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../checkpoint/model-folder.ts';
import { readTensorTable } from '../checkpoint/tensor-table.ts';
import { TINY_DRAFT, TINY_TARGET } from '../checkpoint/testing/folders.ts';
import { DeviceError } from '../contracts/errors.ts';
import type { Device } from '../contracts/load.ts';
import { floatsOf, floatTensor } from '../contracts/session.ts';
import type { Forward, Step } from '../contracts/target.ts';
import { onAllAxes } from '../decode/draft-rows.ts';
import { buildMsdDraft } from '../draft/msd-graph.ts';
import { createTarget } from '../engine/answer/target.ts';
import { selectTargetTensors } from '../families/families.ts';
import type { LlavaConfig } from '../families/llava/llava-config.ts';
import { buildLlavaVision } from '../families/llava/llava-vision.ts';
import { llavaDecoder } from '../families/llava-parts/llava-tensors.ts';
import { readDraft } from '../families/read-draft.ts';
import { readTargetConfig } from '../families/read-target.ts';
import { consecutive } from '../model/consecutive.ts';
import { buildLlama } from '../model/llama.ts';
import { probeDevice } from './device.ts';
import { createSession } from './session.ts';
import { profiledOnCpu } from './testing/profiled-on-cpu.ts';

/** Debian's software GPU, which comes with its package chromium. */
const SOFTWARE_GPU = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(SOFTWARE_GPU)) process.env.VK_ADD_DRIVER_FILES ??= SOFTWARE_GPU;

/** What this machine's webgpu says. */
const webgpu: unknown = await probeDevice('webgpu').then(
  () => 'works',
  (error: unknown) => error,
);

it('the CPU works', async () => {
  await expect(probeDevice('cpu')).resolves.toBeUndefined();
});

it('webgpu works, or says in plain words why not', () => {
  if (webgpu === 'works') return;
  expect(webgpu).toBeInstanceOf(DeviceError);
  expect((webgpu as DeviceError).message).toMatch(
    /^Device "webgpu" can't be used: .*Use option device cpu\.$/,
  );
});

it.skipIf(process.platform !== 'linux')(
  'without a GPU webgpu is refused at once, and leaves the process and its CPU in order',
  async () => {
    const script = fileURLToPath(new URL('./testing/without-gpu.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], {
      env: { ...process.env, VK_ICD_FILENAMES: '/no/driver', VK_DRIVER_FILES: '/no/driver' },
    });
    const { ms, cpu, ...refused } = JSON.parse(stdout);
    const sentence =
      'DeviceError: Device "webgpu" can\'t be used: no GPU was found; it needs a GPU with a driver for Vulkan, Direct3D 12 or Metal. Use option device cpu.';
    expect(refused).toEqual({ probe: sentence, again: sentence, session: sentence });
    expect(cpu).toBe('ok');
    expect(ms).toBeLessThan(10_000);
  },
);

describe.skipIf(webgpu !== 'works')('on webgpu', () => {
  it('the embedded target says what it says on the CPU', { timeout: 300_000 }, async () => {
    const [cpu, gpu] = [await answersOn('cpu'), await answersOn('webgpu')];
    expect(gpu.best).toEqual(cpu.best);
    expect(largestDifference(gpu.embeddings, cpu.embeddings)).toBeLessThan(1e-3);
    expect(largestDifference(gpu.logits, cpu.logits)).toBeLessThan(1e-3);
  });

  it.each(['decoder', 'draft'] as const)(
    'a session names the operators of the %s that ONNX Runtime ran on the CPU',
    { timeout: 300_000 },
    async (part) => {
      const graph = (await graphsOfPair())[part];
      const session = await createSession(graph, { device: 'webgpu', threads: 2 });
      await session.dispose();
      const named = (session.leftOut ?? []).map((operator) => operator.replace(/ of .*/, ''));
      expect([...new Set(named)]).toEqual(await profiledOnCpu(graph));
    },
  );
});

async function graphsOfPair() {
  const config = (await readTargetConfig(modelFolder(TINY_TARGET))) as LlavaConfig;
  const tensors = selectTargetTensors(await readTensorTable(TINY_TARGET), config, TINY_TARGET);
  const weights = llavaDecoder(config, tensors);
  const draft = await readDraft(modelFolder(TINY_DRAFT));
  return {
    config,
    vision: buildLlavaVision(config, tensors),
    decoder: buildLlama(config.decoder, weights),
    draft: buildMsdDraft(draft.config, draft.tensors, weights.head, 'decoupled'),
  };
}

/** A picture, seven words, a tree of five after them, and a prompt of several blocks. */
async function answersOn(device: Device) {
  const { config, ...graphs } = await graphsOfPair();
  const open = (graph: typeof graphs.vision) => createSession(graph, { device, threads: 2 });

  const side = config.vision.imageSize;
  const data = Float32Array.from({ length: 3 * side * side }, (_, i) => Math.sin(i / 100));
  const vision = await open(graphs.vision);
  const pixels = floatTensor(data, [1, 3, side, side]);
  const embeddings = floatsOf(await vision.run({ pixels }, ['embeddings']), 'embeddings');
  await vision.dispose();

  const decoder = await open(graphs.decoder);
  const target = createTarget(decoder, config.decoder);
  const sequence = target.open();
  const pass = async (ids: number[], parents: number[], positions: number[]): Promise<Forward> => {
    const step: Step = {
      sequence,
      ids: Int32Array.from(ids),
      parents: Int32Array.from(parents),
      positions: onAllAxes(Int32Array.from(positions)),
      heads: Int32Array.from(ids.keys()),
      want: 'logits',
    };
    const [forward] = await target.forward([step]);
    return forward as Forward;
  };
  const words = await pass([5, 6, 7, 8, 9, 10, 11], [-1, 0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5, 6]);
  sequence.commit(words, Int32Array.of(0, 1, 2, 3, 4, 5, 6));
  const tree = await pass([20, 21, 22, 23, 24], [-1, 0, 0, 1, 2], [7, 8, 8, 9, 9]);
  sequence.truncate(0);
  const rows = [...consecutive(140)];
  const prompt = await pass(
    rows.map((row) => 10 + row),
    rows.map((row) => row - 1),
    rows,
  );
  sequence.commit(prompt, consecutive(140));
  const after = await pass([20, 21], [-1, -1], [140, 140]);
  await decoder.dispose();
  const passes = [words, tree, prompt, after];
  const logits = passes.flatMap((forward) => [...(forward.logits?.data ?? [])]);
  return { embeddings, logits, best: passes.flatMap(({ best }) => [...best]) };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (x, i) => Math.abs(x - (b[i] as number))).reduce((m, d) =>
    Number.isNaN(d) ? d : Math.max(m, d),
  );
}
