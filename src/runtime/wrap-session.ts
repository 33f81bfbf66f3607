import { type InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { DisposedError, GraphError } from '../contracts/errors.ts';
import type { Session, Tensor } from '../contracts/session.ts';

/** A session of ONNX Runtime as the engine knows sessions: typed tensors, errors by name, and an end that waits for runs. */
export function wrapSession(
  name: string,
  session: InferenceSession,
  leftOut?: readonly string[],
): Session {
  const pass: Session['run'] = async (feeds, outputs) => {
    const inputs: Record<string, OrtTensor> = {};
    for (const [key, tensor] of Object.entries(feeds)) inputs[key] = toOrt(tensor);
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

export function messageOf(cause: unknown): string {
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
