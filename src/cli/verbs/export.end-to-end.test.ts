import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { runMsd } from '../testing/run-msd.ts';

const ADAPTERS = 'fixtures/peft/patterns';

it('adapters given as a model are exported by the command that is told, and then run', async () => {
  const told = await runMsd(['inspect', '--model', ADAPTERS]);
  expect(told.code).toBe(1);
  expect(told.stderr).toMatch(/LoRA adapters for "fixtures.*Merge them with: msd export .* --out/);

  const out = join(tempFolder(), 'merged');
  const exported = await runMsd(['export', ADAPTERS, '--out', out, '--dtype', 'f32']);
  expect(exported.code, exported.stderr).toBe(0);
  expect(exported.stdout).toMatch(/27 tensors as F32/);

  const seen = await runMsd(['inspect', '--model', out, '--json']);
  expect(seen.code, seen.stderr).toBe(0);
  expect(JSON.parse(seen.stdout)).toMatchObject({ family: 'qwen2', draft: null });
});
