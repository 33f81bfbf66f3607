/** Which way is up, as Pillow reads it from EXIF: tag 274 of the first directory, the first number of a numeric type. */

const ORIENTATION = 274;
const PREFIX = 'Exif\0\0';

/** How a number of each TIFF type is read. Bytes, text and the untyped are no numbers to Pillow. */
const READERS: ReadonlyMap<number, (view: DataView, at: number, little: boolean) => number> =
  new Map([
    [3, (view, at, little) => view.getUint16(at, little)],
    [4, (view, at, little) => view.getUint32(at, little)],
    [5, (view, at, little) => view.getUint32(at, little) / view.getUint32(at + 4, little)],
    [6, (view, at) => view.getInt8(at)],
    [8, (view, at, little) => view.getInt16(at, little)],
    [9, (view, at, little) => view.getInt32(at, little)],
    [10, (view, at, little) => view.getInt32(at, little) / view.getInt32(at + 4, little)],
    [11, (view, at, little) => view.getFloat32(at, little)],
    [12, (view, at, little) => view.getFloat64(at, little)],
    [13, (view, at, little) => view.getUint32(at, little)],
  ]);
/** Bytes of one number, where not four. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [3, 2],
  [5, 8],
  [6, 1],
  [8, 2],
  [10, 8],
  [12, 8],
]);

/** Undefined where the data, with or without its `Exif` prefix, says nothing of it; 1 where what it says is no number. */
export function exifOrientation(exif: Uint8Array | undefined): number | undefined {
  if (exif === undefined) return undefined;
  try {
    return tiffOrientation(withoutPrefix(exif));
  } catch (error) {
    if (error instanceof RangeError) return undefined; // it ends inside what it promises
    throw error;
  }
}

function withoutPrefix(exif: Uint8Array): Uint8Array {
  const start = Buffer.from(exif.buffer, exif.byteOffset, PREFIX.length < exif.length ? 6 : 0);
  return start.toString('latin1') === PREFIX ? withoutPrefix(exif.subarray(6)) : exif;
}

function tiffOrientation(tiff: Uint8Array): number | undefined {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  const first = view.getUint32(4, little);
  const count = view.getUint16(first, little);
  let found: number | undefined;
  for (let entry = 0; entry < count; entry++) {
    const at = first + 2 + entry * 12;
    if (view.getUint16(at, little) !== ORIENTATION) continue;
    const type = view.getUint16(at + 2, little);
    const bytes = view.getUint32(at + 4, little) * (SIZES.get(type) ?? 4);
    const place = bytes > 4 ? view.getUint32(at + 8, little) : at + 8;
    found = bytes === 0 ? 1 : (READERS.get(type)?.(view, place, little) ?? 1);
  }
  return found;
}
