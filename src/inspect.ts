import type { LoadOptions } from './contracts/load.ts';
import { type Inspection, inspectModel } from './evaluate/inspect/inspection.ts';
import { previewRun } from './evaluate/inspect/preview-run.ts';
import { load } from './load.ts';

/**
 * What a model and its draft are, what memory they take, what is in their folders, and what trees cost on this machine.
 * Nothing is written, and nothing stays loaded.
 * @throws what `load` throws
 */
export async function inspect(options: LoadOptions = {}): Promise<Inspection> {
  await using model = await load(options);
  const run = await previewRun(model.generate, {});
  return inspectModel(model.info, run, process.memoryUsage.rss());
}
