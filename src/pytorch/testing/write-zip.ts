export interface StoredEntry {
  readonly name: string;
  readonly data: Uint8Array;
}

/** What hostile archives say; each default is the truth. */
export interface ZipLies {
  /** The name in the entry's own header. */
  readonly localName?: string;
  readonly method?: number;
  /** In the directory. */
  readonly bytes?: number;
  /** In the directory: where the entry's own header stands. */
  readonly at?: number;
}

export interface ZipOptions {
  /** Data begin at multiples of this. */
  readonly alignment?: number;
  /** As torch.save writes what is beyond 4 GiB: sizes and places in 64 bits. */
  readonly zip64?: boolean;
  readonly lies?: Readonly<Record<string, ZipLies>>;
}

const LOCAL = 30;
const FLAGS = 0x808; // names in UTF-8, sizes after the data
const UNKNOWN_32 = 0xffff_ffff;

/** A zip archive of uncompressed entries as torch.save writes it, a data descriptor after each. */
export function encodeZip(entries: readonly StoredEntry[], options: ZipOptions = {}): Buffer {
  const { alignment = 64, zip64 = false, lies = {} } = options;
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let end = 0;
  const add = (part: Buffer) => {
    parts.push(part);
    end += part.length;
  };
  for (const { name, data } of entries) {
    const lie = lies[name] ?? {};
    const at = end;
    add(localHeader(lie.localName ?? name, at, alignment, lie.method ?? 0));
    add(Buffer.from(data));
    add(descriptor(data.length, zip64));
    directory.push(record(name, lie.bytes ?? data.length, lie.at ?? at, lie.method ?? 0, zip64));
  }
  const start = end;
  for (const part of directory) add(part);
  const tail = { count: entries.length, start, bytes: end - start };
  if (zip64) add(zip64End(tail, end));
  add(zipEnd(tail, zip64));
  return Buffer.concat(parts);
}

interface Tail {
  readonly count: number;
  readonly start: number;
  readonly bytes: number;
}

function localHeader(name: string, at: number, alignment: number, method: number): Buffer {
  const label = Buffer.from(name);
  const used = at + LOCAL + label.length + 4;
  const padding = (alignment - (used % alignment)) % alignment;
  const header = Buffer.alloc(LOCAL);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(label.length, 26);
  header.writeUInt16LE(4 + padding, 28);
  const extra = Buffer.alloc(4 + padding, 'Z');
  extra.write('FB', 0);
  extra.writeUInt16LE(padding, 2);
  return Buffer.concat([header, label, extra]);
}

function descriptor(bytes: number, zip64: boolean): Buffer {
  const part = Buffer.alloc(zip64 ? 24 : 16);
  part.writeUInt32LE(0x08074b50, 0);
  part.writeUInt32LE(bytes, 8);
  part.writeUInt32LE(bytes, zip64 ? 16 : 12);
  return part;
}

function record(name: string, bytes: number, at: number, method: number, zip64: boolean): Buffer {
  const label = Buffer.from(name);
  const extra = Buffer.alloc(zip64 ? 28 : 0);
  if (zip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    [bytes, bytes, at].forEach((value, i) => {
      extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
    });
  }
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(zip64 ? UNKNOWN_32 : bytes, 20);
  header.writeUInt32LE(zip64 ? UNKNOWN_32 : bytes, 24);
  header.writeUInt16LE(label.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(zip64 ? UNKNOWN_32 : at, 42);
  return Buffer.concat([header, label, extra]);
}

function zip64End({ count, start, bytes }: Tail, at: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(bytes), 40);
  end.writeBigUInt64LE(BigInt(start), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(at), 64);
  end.writeUInt32LE(1, 72);
  return end;
}

function zipEnd({ count, start, bytes }: Tail, zip64: boolean): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip64 ? 0xffff : count, 8);
  end.writeUInt16LE(zip64 ? 0xffff : count, 10);
  end.writeUInt32LE(zip64 ? UNKNOWN_32 : bytes, 12);
  end.writeUInt32LE(zip64 ? UNKNOWN_32 : start, 16);
  return end;
}
