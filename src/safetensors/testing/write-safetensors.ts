import { writeFileSync } from 'node:fs';

export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
}

/** Writes a well-formed safetensors file, tensors in the order given. */
export function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, StoredTensor>>,
): void {
  writeFileSync(path, encodeSafetensors(tensors));
}

/** The bytes of a well-formed safetensors file, tensors in the order given. */
export function encodeSafetensors(tensors: Readonly<Record<string, StoredTensor>>): Buffer {
  let offset = 0;
  const header: Record<string, unknown> = {};
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const views = Object.values(tensors).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return joinHeader(JSON.stringify(header), Buffer.concat(views));
}

/** A file of any header text (padded to 8 bytes as the format advises) and any data. */
export function joinHeader(header: string, data: Uint8Array): Buffer {
  const text = Buffer.from(header);
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, data]);
}
