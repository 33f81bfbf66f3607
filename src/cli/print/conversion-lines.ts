import { textColumns } from '../../evaluate/text-columns.ts';
import { planStale } from '../../formats/remove-conversions.ts';
import type { Conversion } from '../../formats/scan-conversions.ts';
import { snapshotName } from '../../hub/snapshot-name.ts';
import { byteSize } from './units.ts';

/** @param cache real path of the hub's cache, whose folders are named by their models */
export function conversionsJson(cache: string, conversions: readonly Conversion[]) {
  return conversions.map(({ path, bytes, state, sources, record }) => ({
    of: sources.map(({ folder, state }) => ({
      ...{ model: snapshotName(cache, folder) ?? null, folder, state },
    })),
    ...{ precision: record?.form?.kind ?? null, bytes, used: record?.used ?? null, state, path },
  }));
}

const HEADER = ['CONVERTED FROM', 'TO', 'STATE', 'SIZE', 'USED', 'PATH'];
/** Columns of text. */
const LEFT = [0, 1, 2, 4, 5];

/** A line for each, and what could be freed; empty where nothing was converted. */
export function conversionLines(cache: string, conversions: readonly Conversion[]): string[] {
  if (conversions.length === 0) return [];
  const lines = conversions.map(({ path, bytes, state, sources, record }) => {
    const names = sources.map(({ folder }) => snapshotName(cache, folder) ?? folder);
    return [
      names.join(', ') || 'unknown',
      record?.form?.kind ?? '',
      state,
      byteSize(bytes),
      record?.used.slice(0, 10) ?? '',
      path,
    ];
  });
  const { freedBytes } = planStale(conversions);
  return [
    ...textColumns([HEADER, ...lines], LEFT),
    ...(freedBytes === 0 ? [] : ['', `msd rm --stale frees ${byteSize(freedBytes)} of no use.`]),
  ];
}
