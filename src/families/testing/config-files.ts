import type { ConfigFiles } from '../config-files.ts';

/** What describes a target, with no folder behind it. */
export function configFiles(
  config: unknown,
  { generation = {}, processor = {} }: { generation?: unknown; processor?: unknown } = {},
): ConfigFiles {
  const { model_type: family } = config as { model_type: string };
  return {
    family,
    config: { path: 'config.json', value: config },
    generation: { path: 'generation_config.json', value: generation },
    processor: { path: 'processor_config.json', value: processor },
  };
}
