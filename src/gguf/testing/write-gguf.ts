import { GGUFValueType, serializeGgufMetadata } from '@huggingface/gguf';

type TestValue = string | number | boolean | readonly string[] | Int32Array | Float32Array;
export type TestMetadata = Readonly<Record<string, TestValue>>;

export interface TestTensor {
  readonly name: string;
  /** Rows first. */
  readonly shape: readonly number[];
  /** GGML's number. */
  readonly type: number;
  readonly data: Uint8Array;
  /** Where the header says that it lies, if not after the tensor before it. */
  readonly offset?: number;
}

/** The bytes of a GGUF file of version 3: metadata by Hugging Face's writer, then tensors one after the other. */
export function encodeGguf(
  metadata: TestMetadata,
  tensors: readonly TestTensor[],
  alignment = 32,
): Uint8Array {
  const values = Object.entries(metadata).map(([key, value]) => [key, typed(value)] as const);
  const head = serializeGgufMetadata(
    {
      version: { value: 3, type: GGUFValueType.UINT32 },
      tensor_count: { value: BigInt(tensors.length), type: GGUFValueType.UINT64 },
      kv_count: { value: BigInt(values.length), type: GGUFValueType.UINT64 },
      ...Object.fromEntries(values),
    },
    { alignment: 1 },
  );
  const padded = (length: number) => Math.ceil(length / alignment) * alignment;
  let offset = 0;
  const infos = tensors.map((tensor) => {
    const info = tensorInfo(tensor, tensor.offset ?? offset);
    offset = padded(offset + tensor.data.length);
    return info;
  });
  const header = Buffer.concat([head, ...infos]);
  const data = tensors.map(({ data }) =>
    Buffer.concat([data, Buffer.alloc(padded(data.length) - data.length)]),
  );
  const gap = Buffer.alloc(padded(header.length) - header.length);
  return new Uint8Array(Buffer.concat([header, gap, ...data]));
}

function typed(value: TestValue) {
  const type = GGUFValueType.ARRAY;
  if (value instanceof Int32Array) {
    return { value: [...value], type, subType: GGUFValueType.INT32 };
  }
  if (value instanceof Float32Array) {
    return { value: [...value], type, subType: GGUFValueType.FLOAT32 };
  }
  if (typeof value === 'string') return { value, type: GGUFValueType.STRING };
  if (typeof value === 'boolean') return { value, type: GGUFValueType.BOOL };
  if (typeof value !== 'number') {
    return { value: [...value], type, subType: GGUFValueType.STRING };
  }
  return { value, type: Number.isInteger(value) ? GGUFValueType.UINT32 : GGUFValueType.FLOAT32 };
}

function tensorInfo({ name, shape, type }: TestTensor, offset: number): Buffer {
  const text = Buffer.from(name);
  const info = Buffer.alloc(8 + text.length + 4 + 8 * shape.length + 4 + 8);
  info.writeBigUInt64LE(BigInt(text.length));
  let at = 8 + text.copy(info, 8);
  at = info.writeUInt32LE(shape.length, at);
  for (const size of shape.toReversed()) at = info.writeBigUInt64LE(BigInt(size), at);
  at = info.writeUInt32LE(type, at);
  info.writeBigUInt64LE(BigInt(offset), at);
  return info;
}
