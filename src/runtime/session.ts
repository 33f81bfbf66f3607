import { parse } from 'node:path';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { CheckpointError, DisposedError, GraphError } from '../contracts/errors.ts';
import type { Device } from '../contracts/load.ts';
import type { Session, Tensor } from '../contracts/session.ts';
import type { Graph } from '../graph/graph.ts';
import { serialise } from '../graph/serialise.ts';
import { providersOf } from './device.ts';

export interface SessionSettings {
  readonly device: Device;
  /** Threads of one operator. */
  readonly threads: number;
}

/**
 * Makes a graph ready to run. The model is handed over from memory, its weights are mapped from their files:
 * external data is located relative to the root of the file system.
 */
export async function createSession(graph: Graph, settings: SessionSettings): Promise<Session> {
  const refs = [...graph.weights.values()].map(({ ref }) => ref);
  const root = parse(refs[0]?.path ?? process.cwd()).root;
  const model = serialise(graph, (ref) => ref.path.slice(root.length).replaceAll('\\', '/'));
  const session = await InferenceSession.create(model, {
    executionProviders: providersOf(settings.device),
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: root } },
  }).catch((error: unknown) => {
    throw loadError(graph, error);
  });
  return wrap(graph.name, session);
}

function loadError(graph: Graph, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const file = [...graph.weights.values()].find(({ ref }) => reason.includes(ref.path.slice(1)))
    ?.ref.path;
  if (file !== undefined) {
    return new CheckpointError(
      file,
      `the weights can't be bound; fetch the file again (${reason})`,
      { cause },
    );
  }
  return new GraphError(`Graph ${graph.name} was refused by ONNX Runtime: ${reason}`, { cause });
}

function wrap(name: string, session: InferenceSession): Session {
  let disposed = false;
  // Inputs that stay the same object between runs (caches) keep their native tensor.
  const known = new WeakMap<Tensor, OrtTensor>();
  const native = (tensor: Tensor): OrtTensor => {
    const seen = known.get(tensor);
    if (seen !== undefined) return seen;
    const made = toOrt(tensor);
    known.set(tensor, made);
    return made;
  };
  return {
    async run(feeds, outputs) {
      if (disposed) throw new DisposedError(`session ${name}`);
      const inputs: Record<string, OrtTensor> = {};
      for (const [key, tensor] of Object.entries(feeds)) inputs[key] = native(tensor);
      const results = await session.run(inputs, outputs as string[]);
      const named: Record<string, Tensor> = {};
      for (const key of outputs) named[key] = fromOrt(results[key] as OrtTensor);
      return named;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await session.release();
    },
  };
}

function toOrt({ dtype, shape, data }: Tensor): OrtTensor {
  if (dtype === 'float32') return new OrtTensor('float32', data as Float32Array, shape);
  if (dtype === 'int32') return new OrtTensor('int32', data as Int32Array, shape);
  return new OrtTensor('int64', data as BigInt64Array, shape);
}

function fromOrt(tensor: OrtTensor): Tensor {
  if (tensor.type !== 'float32' && tensor.type !== 'int32' && tensor.type !== 'int64') {
    throw new GraphError(
      `An output has type ${tensor.type}; sessions return float32, int32 or int64.`,
    );
  }
  return { dtype: tensor.type, shape: tensor.dims, data: tensor.data as Tensor['data'] };
}
