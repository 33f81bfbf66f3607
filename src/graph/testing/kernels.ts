import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { InferenceSession } from 'onnxruntime-node';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import type { Graph } from '../graph.ts';
import { serialise } from '../serialise.ts';

/** The kernels that ONNX Runtime makes of a graph on the CPU, in order, without the outputs' own copies. */
export async function kernelsOf(graph: Graph): Promise<string[]> {
  const path = join(tempFolder(), 'optimised.onnx');
  const model = serialise(graph, (ref) => ref.path.slice(1));
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    optimizedModelFilePath: path,
    logSeverityLevel: 4,
    extra: { session: { model_external_initializers_file_folder_path: '/' } },
  });
  await session.release();
  const nodes = fromBinary(ModelProtoSchema, readFileSync(path)).graph?.node ?? [];
  return nodes.map(({ opType }) => opType).filter((op) => op !== 'Identity');
}
