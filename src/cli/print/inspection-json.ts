import type { Inspection } from '../../evaluate/inspect/inspection.ts';

/** An inspection as `msd inspect --json` prints it; sizes are bytes, times milliseconds. */
export function inspectionJson({ info, run, memory, trees, files }: Inspection) {
  return {
    model: info.model,
    family: info.family,
    precision: info.precision,
    parameters: info.parameters,
    layers: info.layers,
    hidden_size: info.hiddenSize,
    vocabulary: info.vocabSize,
    context: info.contextLength,
    image_tokens: info.imageTokens,
    draft: info.draft,
    draft_parameters: info.draftParameters,
    ...(info.recycled && { recycled: info.recycled }),
    drafter: run.drafter,
    beside: run.beside,
    device: info.device,
    threads: info.threads,
    unapplied: info.unapplied,
    memory: {
      weights: memory.weights,
      cache_per_token: memory.cachePerToken,
      cache_per_picture: memory.cachePerPicture,
      cache_full_context: memory.cacheFullContext,
      resident: memory.resident,
    },
    costs: {
      target: info.costs.target,
      draft_level: info.costs.draftLevel,
      cached: info.costs.cached,
    },
    trees: trees.map(({ tree, rows, targetMs, roundMs, breakEven }) => ({
      tree,
      rows,
      target_ms: targetMs,
      round_ms: roundMs,
      break_even_tokens_per_pass: breakEven,
    })),
    choice: run.choice,
    files,
  };
}
