import { parse } from 'node:path';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { isInMemory } from '../contracts/checkpoint.ts';
import { DisposedError, GraphError } from '../contracts/errors.ts';
import type { Device } from '../contracts/load.ts';
import type { Session, Tensor } from '../contracts/session.ts';
import type { Graph } from '../graph/graph.ts';
import { serialise } from '../graph/serialise.ts';
import { checkFiles, type FileRef } from './check-files.ts';
import { probeDevice } from './device.ts';
import { operatorsLeftOut } from './operators-left-out.ts';
import { sumsMayOverflow } from './sums-overflow.ts';

export interface SessionSettings {
  readonly device: Device;
  /** Threads of one operator. */
  readonly threads: number;
  /**
   * What threads do between operators. Default 'sleep': target and draft take turns, and a pool that spins while it
   * waits takes the cores from the other's. Where one session does all the work, 'spin' starts operators sooner.
   */
  readonly idle?: 'sleep' | 'spin';
}

/** Only what ends the process is logged: everything else is thrown. */
const LOG_FATAL = 4;

/**
 * Makes a graph ready to run. The model is handed over from memory, weights in memory as they are now; those in files
 * are mapped: external data is located relative to the root of the file system. The files must stay as they are for as
 * long as the session lives; the system ends a process that reads a mapped file beyond its end.
 * @throws CheckpointError where a file changed since its header was read, DeviceError where the device does not work,
 * GraphError where ONNX Runtime refuses the graph.
 */
export async function createSession(graph: Graph, settings: SessionSettings): Promise<Session> {
  const refs = [...graph.bound.values()].flatMap(({ ref }) => (isInMemory(ref) ? [] : [ref]));
  const root = parse(refs[0]?.path ?? process.cwd()).root;
  const model = serialise(graph, ({ path }) => path.slice(root.length).replaceAll('\\', '/'));
  const common = {
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: LOG_FATAL,
  } as const;
  const session = {
    model_external_initializers_file_folder_path: root,
    x64quantprecision: (await sumsMayOverflow()) ? '1' : '0',
    intra_op: { allow_spinning: settings.idle === 'spin' ? '1' : '0' },
  };
  const { device } = settings;
  const open = (executionProviders: string[], fallback: '0' | '1') =>
    InferenceSession.create(model, {
      ...common,
      executionProviders,
      extra: { session: { ...session, disable_cpu_ep_fallback: fallback } },
    });
  try {
    if (device === 'cpu') return wrap(graph.name, await open(['cpu'], '0'));
    const whole = await open([device], '1').catch(() => undefined);
    if (whole !== undefined) return wrap(graph.name, whole);
    const leftOut = await operatorsLeftOut(device, graph);
    return wrap(graph.name, await open([device, 'cpu'], '0'), leftOut);
  } catch (cause) {
    throw await refusal(graph.name, refs, device, cause);
  }
}

/** Looks for the reason in what ONNX Runtime was given, as its messages change from release to release. */
async function refusal(
  name: string,
  refs: readonly FileRef[],
  device: Device,
  cause: unknown,
): Promise<GraphError> {
  await checkFiles(refs, cause);
  if (device !== 'cpu') await probeDevice(device);
  return new GraphError(`Graph ${name} was refused by ONNX Runtime: ${messageOf(cause)}`, {
    cause,
  });
}

function wrap(name: string, session: InferenceSession, leftOut?: readonly string[]): Session {
  // Inputs that stay the same object between runs (caches) keep their native tensor.
  const known = new WeakMap<Tensor, OrtTensor>();
  const native = (tensor: Tensor): OrtTensor => {
    const made = known.get(tensor) ?? toOrt(tensor);
    known.set(tensor, made);
    return made;
  };
  const pass: Session['run'] = async (feeds, outputs) => {
    const inputs: Record<string, OrtTensor> = {};
    for (const [key, tensor] of Object.entries(feeds)) inputs[key] = native(tensor);
    const results = await session.run(inputs, outputs);
    const named: Record<string, Tensor> = {};
    for (const key of outputs) named[key] = fromOrt(results[key] as OrtTensor);
    return named;
  };
  const running = new Set<Promise<unknown>>();
  let disposal: Promise<void> | undefined;
  return {
    ...(leftOut !== undefined && { leftOut }),
    async run(feeds, outputs) {
      if (disposal !== undefined) throw new DisposedError(`session ${name}`);
      const result = pass(feeds, outputs);
      running.add(result);
      try {
        return await result;
      } catch (cause) {
        throw new GraphError(`Graph ${name} could not run: ${messageOf(cause)}`, { cause });
      } finally {
        running.delete(result);
      }
    },
    dispose() {
      disposal ??= Promise.allSettled(running).then(() => session.release());
      return disposal;
    },
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.trim() : String(cause);
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
