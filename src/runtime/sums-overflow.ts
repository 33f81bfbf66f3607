import { readFile } from 'node:fs/promises';

/**
 * Whether products of unsigned by signed 8 bits may be wrong on this processor: x64 without VNNI adds two of them in 16
 * bits. ONNX Runtime then has a way that is right, and copies signed weights for it. Where flags can't be read they are
 * taken for missing.
 */
export async function sumsMayOverflow(
  arch: string = process.arch,
  readInfo: () => Promise<string> = () => readFile('/proc/cpuinfo', 'utf8'),
): Promise<boolean> {
  if (arch !== 'x64') return false;
  const info = await readInfo().catch(() => '');
  return !/^flags\s*:.*\b(avx512_vnni|avx_vnni)\b/m.test(info);
}
