import { type FeatureRows, featureBytes } from './feature-rows.ts';

/** The feature rows used last, up to a number of bytes. */
export interface FeatureMemory {
  get(key: string): FeatureRows | undefined;
  put(key: string, featureRows: FeatureRows): void;
}

export function createFeatureMemory(limitBytes: number): FeatureMemory {
  const kept = new Map<string, FeatureRows>(); // the longest unused first
  let bytes = 0;
  const forget = (key: string): FeatureRows | undefined => {
    const featureRows = kept.get(key);
    if (featureRows !== undefined && kept.delete(key)) bytes -= featureBytes(featureRows);
    return featureRows;
  };
  const remember = (key: string, featureRows: FeatureRows): void => {
    kept.set(key, featureRows);
    bytes += featureBytes(featureRows);
  };
  return {
    get(key) {
      const featureRows = forget(key);
      if (featureRows !== undefined) remember(key, featureRows);
      return featureRows;
    },
    put(key, featureRows) {
      forget(key);
      if (featureBytes(featureRows) > limitBytes) return;
      remember(key, featureRows);
      for (const oldest of kept.keys()) {
        if (bytes <= limitBytes) break;
        forget(oldest);
      }
    },
  };
}
