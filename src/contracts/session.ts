/** A dense array that crosses the border of a session. */
export interface Tensor {
  readonly dtype: 'float32' | 'int32' | 'int64';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

/** What a graph is fed, by the names of its inputs. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** A graph made ready to run on a device. */
export interface Session {
  /** Operators that the device left to the CPU, as `Cast of int64`; absent where it runs everything. */
  readonly leftOut?: readonly string[];
  /** Runs the graph and returns the outputs that are named. */
  run(feeds: Feeds, outputs: readonly string[]): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

export const floatTensor = (data: Float32Array, shape: readonly number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data,
});

export const intTensor = (data: Int32Array, shape: readonly number[] = [data.length]): Tensor => ({
  dtype: 'int32',
  shape,
  data,
});

/** The floats of an output. */
export function floatsOf(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new TypeError(`output ${name} is not float32`);
}

/** The integers of an output. */
export function intsOf(outputs: Readonly<Record<string, Tensor>>, name: string): Int32Array {
  const data = outputs[name]?.data;
  if (data instanceof Int32Array) return data;
  throw new TypeError(`output ${name} is not int32`);
}
