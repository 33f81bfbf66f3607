import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTensorTable } from '../checkpoint/tensor-table.ts';
import { copyOf, TINY_DRAFT, TINY_TARGET } from '../checkpoint/testing/folders.ts';
import { passMsd } from '../cli/testing/run-msd.ts';
import { readFloats } from '../formats/read-tensor.ts';
import type { StoredTensor } from '../safetensors/testing/write-safetensors.ts';
import { writePytorch } from './testing/write-pytorch.ts';

const ASKED = ['Describe the picture.', '--image', 'fixtures/tiny/images/square.png'];

/** The tiny draft as official drafts are published. */
async function pytorchDraft(): Promise<string> {
  const dir = copyOf(TINY_DRAFT);
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, ref] of await readTensorTable(TINY_DRAFT)) {
    tensors[name] = { dtype: 'F32', shape: ref.shape, data: await readFloats(ref) };
  }
  rmSync(join(dir, 'model.safetensors'));
  writePytorch(join(dir, 'pytorch_model.bin'), tensors);
  return dir;
}

async function answer(draft: string): Promise<Record<string, unknown>> {
  const pair = ['--model', TINY_TARGET, '--draft', draft, '--drafter', 'msd'];
  const { stdout } = await passMsd(['run', ...ASKED, ...pair, '--tree', '59,5,10', '--json']);
  return JSON.parse(stdout);
}

describe('msd run with a draft in pytorch_model.bin', () => {
  let wanted: Record<string, unknown> = {};
  beforeAll(async () => {
    wanted = await answer(TINY_DRAFT);
  });

  it('drafts and answers as with the same weights in safetensors', async () => {
    const { ids, accepted_per_pass, precision } = await answer(await pytorchDraft());
    expect({ ids, accepted_per_pass, precision }).toEqual({
      ids: wanted.ids,
      accepted_per_pass: wanted.accepted_per_pass,
      precision: wanted.precision,
    });
    expect(Math.max(...(accepted_per_pass as number[]))).toBeGreaterThan(1);
  });
});
