import type { Config, TopLevelSpec } from 'vega-lite';

/** From a specification to an SVG. */
export type VegaDraw = (spec: TopLevelSpec, config: Config) => Promise<string>;

/**
 * Vega and Vega-Lite, which take 19 MB and which only drawing needs; null where they are not installed. Each import has its
 * own catch, by which bundlers see that it may fail.
 */
export async function openVega(): Promise<VegaDraw | null> {
  const [vega, lite] = await Promise.all([
    import('vega').catch(unlessMissing),
    import('vega-lite').catch(unlessMissing),
  ]);
  if (vega === null || lite === null) return null;
  return async (spec, config) => {
    const view = new vega.View(vega.parse(lite.compile(spec, { config }).spec), {
      renderer: 'none',
    });
    const svg = await view.toSVG();
    view.finalize();
    return svg;
  };
}

function unlessMissing(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.endsWith('MODULE_NOT_FOUND')) return null;
  throw error;
}
