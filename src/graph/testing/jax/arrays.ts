import { numpy as np } from '@jax-js/jax';
import type { Doubles } from '../reference/doubles.ts';

export const jaxFloats = ({ data, shape }: Doubles): np.Array =>
  np.array(Float32Array.from(data)).reshape([...shape]);

export const jaxIntegers = ({ data, shape }: Doubles): np.Array =>
  np.array(Int32Array.from(data)).reshape([...shape]);

/** The numbers of an array, which is given up. */
export const numbersOf = (x: np.Array): ArrayLike<number> => x.dataSync();
