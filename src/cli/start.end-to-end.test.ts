import { expect, it } from 'vitest';
import { startMsd } from './testing/run-msd.ts';

it('starts without the packages of engine, pictures and server, which verbs load when they run', async () => {
  const { code, stderr } = await startMsd(['--version'], { NODE_DEBUG: 'esm' }).outcome;
  expect(code).toBe(0);
  expect(stderr, 'the trace tells what is loaded').toMatch(/dist\/program\/chunk-/);
  const packages = new Set(stderr.match(/(?<=node_modules\/)(@[^/]+\/)?[^/'"]+/g));
  for (const name of ['onnxruntime-node', 'sharp', 'undici', 'prom-client', 'hono', 'pino']) {
    expect(packages).not.toContain(name);
  }
});
