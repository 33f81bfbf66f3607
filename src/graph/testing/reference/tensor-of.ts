import type { Tensor } from '../../../contracts/session.ts';
import type { Value } from '../../graph.ts';
import type { Doubles } from './doubles.ts';

/** Numbers in the type of their value, to be fed to a session. */
export function tensorOf({ name, dtype }: Value, { shape, data }: Doubles): Tensor {
  if (dtype === 'float32') return { dtype, shape, data: Float32Array.from(data) };
  if (dtype === 'int32') return { dtype, shape, data: Int32Array.from(data) };
  if (dtype === 'int64') return { dtype, shape, data: BigInt64Array.from([...data], BigInt) };
  throw new TypeError(`${name} is ${dtype}, which no session takes`);
}
