import { floatsOf, type Session } from '../../src/contracts/session.ts';
import type { Host } from '../../src/engine/host.ts';

/** Keys and values of the newest pass of a target. */
export interface Columns {
  /** Those of one of its rows, of all layers one after the other: keys, then values. */
  of(row: number): Float32Array;
}

/** A host whose targets show what they compute for their caches. */
export function watchColumns(host: Host, layers: () => number): { host: Host; columns: Columns } {
  let newest: { keys: Float32Array; values: Float32Array; rows: number } | undefined;
  const watched = (session: Session): Session => ({
    ...session,
    async run(feeds, outputs) {
      const result = await session.run(feeds, outputs);
      const [keys, values] = [floatsOf(result, 'keys'), floatsOf(result, 'values')];
      newest = { keys, values, rows: (result.keys?.shape[0] ?? 0) / layers() };
      return result;
    },
  });
  const columns: Columns = {
    of(row) {
      if (newest === undefined) throw new RangeError('No pass was made.');
      const { keys, values, rows } = newest;
      const width = keys.length / rows / layers();
      const all = [keys, values].flatMap((data) =>
        Array.from({ length: layers() }, (_, layer) => {
          const from = (layer * rows + row) * width;
          return data.subarray(from, from + width);
        }),
      );
      const joined = new Float32Array(all.length * width);
      for (const [at, part] of all.entries()) joined.set(part, at * width);
      return joined;
    },
  };
  const openSession: Host['openSession'] = async (graph, ...rest) => {
    const session = await host.openSession(graph, ...rest);
    return graph.name === 'llama' ? watched(session) : session;
  };
  return { host: { ...host, openSession }, columns };
}
