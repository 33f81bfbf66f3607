import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import * as z from 'zod';
import type { Graph } from '../../graph/graph.ts';
import { serialise } from '../../graph/serialise.ts';

const ZEROS = {
  float32: (count: number) => new Float32Array(count),
  int32: (count: number) => new Int32Array(count),
  int64: (count: number) => new BigInt64Array(count),
};

/**
 * Operators of a graph that ran on the CPU beside webgpu: by ONNX Runtime's own profile of a pass over zeros, in which
 * every size with a name is 1.
 */
export async function profiledOnCpu(graph: Graph): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'msd-profile-'));
  const session = await InferenceSession.create(
    serialise(graph, ({ path }) => path.slice(1)),
    {
      executionProviders: ['webgpu', 'cpu'],
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
      logSeverityLevel: 4,
      extra: { session: { model_external_initializers_file_folder_path: '/' } },
    },
  );
  const sizeOf = (dim: string | number) =>
    typeof dim === 'number' ? dim : dim.split('+').reduce((sum, term) => sum + (+term || 1), 0);
  const feeds = graph.inputs.map(({ name, dtype, shape }) => {
    const sizes = shape.map(sizeOf);
    const count = sizes.reduce((product, size) => product * size, 1);
    return [name, new Tensor(ZEROS[dtype as keyof typeof ZEROS](count) as never, sizes)] as const;
  });
  await session.run(Object.fromEntries(feeds));
  session.endProfiling();
  await session.release();
  const [file = ''] = readdirSync(folder);
  const profile = readFileSync(join(folder, file), 'utf8');
  rmSync(folder, { recursive: true });
  const events = z
    .array(
      z.object({
        args: z.object({ op_name: z.string(), provider: z.string() }).partial().optional(),
      }),
    )
    .parse(JSON.parse(profile));
  const onCpu = events.filter(({ args }) => args?.provider === 'CPUExecutionProvider');
  return [...new Set(onCpu.map(({ args }) => args?.op_name ?? ''))].sort();
}
