/** A fault put into the product, and the tests that must notice it. */
export interface Mutant {
  readonly file: string;
  /** A text that stands once in the file, and what takes its place. */
  readonly from: string;
  readonly to: string;
  /** Test files, any of which must fail. */
  readonly tests: readonly string[];
}

/** Faults that tests were once found not to notice, and those that would cost most. */
export const MUTANTS: readonly Mutant[] = [
  {
    file: 'src/decode/verify.ts',
    from: 'parents[child] === node && tokens[child] === token',
    to: 'tokens[child] === token',
    tests: ['src/decode/verify.test.ts'],
  },
  {
    file: 'src/decode/round.ts',
    from: 'newest + 1 + path.length',
    to: 'newest + path.length',
    tests: ['src/decode/sampling-law.test.ts', 'src/decode/round.test.ts'],
  },
  {
    file: 'src/decode/grow-tree.ts',
    from: 'Math.min(logProb, 0)',
    to: 'logProb',
    tests: ['src/decode/grow-tree.test.ts'],
  },
  {
    file: 'src/decode/sample.ts',
    from: 'if (u < mass) return id;',
    to: 'if (u <= mass + 1e-3) return id;',
    tests: ['src/decode/sample.test.ts', 'src/decode/sampling-law.test.ts'],
  },
  {
    file: 'src/decode/offers.ts',
    from: 'offer.rate > plain.rate * PAYS',
    to: 'offer.rate > plain.rate / PAYS',
    tests: ['src/decode/planner.test.ts'],
  },
  {
    file: 'src/decode/forecast.ts',
    from: 'payingOffer([plain, ...guesses])',
    to: 'payingOffer([{ ...plain }, ...guesses])',
    tests: ['src/decode/planner.test.ts'],
  },
  {
    file: 'src/decode/observe-round.ts',
    from: 'Math.max(0, host.looked - host.plain)',
    to: 'Math.max(0, host.plain - host.plain)',
    tests: ['src/decode/planner.test.ts'],
  },
  {
    file: 'src/decode/choose-shape.ts',
    from: 'gain * Math.min(left, plan.answer) >= readingMs(plan, outlook, behind)',
    to: 'gain * Math.min(left, plan.answer) >= 0',
    tests: ['src/decode/planner.test.ts'],
  },
  {
    file: 'src/graph/blocks/block-attention.ts',
    from: 'gather(parts, map.sumSlots)',
    to: 'gather(parts, map.maxSlots)',
    tests: ['src/graph/blocks/block-attention.test.ts'],
  },
  {
    file: 'src/model/lane-map.ts',
    from: 'if (length + deepest >= (block + 1) * BLOCK)',
    to: 'if (length + deepest > (block + 1) * BLOCK)',
    tests: ['src/model/lane-map.test.ts', 'src/graph/blocks/block-attention.test.ts'],
  },
  {
    file: 'src/model/lane-map.ts',
    from: 'const r = Math.max(longest, group === 1 ? 2 : 1);',
    to: 'const r = longest;',
    tests: ['src/model/lane-map.test.ts', 'src/graph/blocks/block-attention.test.ts'],
  },
  {
    file: 'src/model/block-cache.ts',
    from: 'Math.max(open.shelf.used, opens.first + tails)',
    to: 'opens.first + tails',
    tests: ['src/model/block-cache.test.ts'],
  },
  {
    file: 'src/model/block-cache.ts',
    from: 'partBlocks(full, held);',
    to: '',
    tests: ['src/model/block-cache.test.ts'],
  },
  {
    file: 'src/model/shelf.ts',
    from: 'relabel(others, to, from);',
    to: '',
    tests: ['src/model/shelf.test.ts'],
  },
  {
    file: 'src/model/lane-groups.ts',
    from: 'rows % KERNEL_ROWS === 1;',
    to: 'rows === 1;',
    tests: ['src/model/lane-groups.test.ts'],
  },
  {
    file: 'src/draft/recycle/named-text.ts',
    from: 'first >= begin &&',
    to: '',
    tests: ['src/draft/recycle/named-text.test.ts'],
  },
  {
    file: 'src/draft/recycle/named-text.ts',
    from: 'if (shown && end === begin)',
    to: 'if (names.length > 0 && end === begin)',
    tests: ['src/draft/recycle/named-text.test.ts'],
  },
  {
    file: 'src/engine/answer/play-round.ts',
    from: 'const marked = markedLikely(likely, named.names, mark);',
    to: 'const marked = markedLikely(likely, [], mark);',
    tests: ['src/engine/answer/embed-pictures.test.ts'],
  },
  {
    file: 'src/model/lane-groups.ts',
    from: 'if (within > 0) return Math.min(most, BLOCK - within);',
    to: '',
    tests: ['src/model/lane-groups.test.ts'],
  },
  {
    file: 'src/engine/answer/next-pass.ts',
    from: 'group.includes(0)',
    to: 'group.length > 0',
    tests: ['src/engine/answer/next-pass.test.ts'],
  },
  {
    file: 'src/engine/answer/next-pass.ts',
    from: 'const late = first !== undefined && due(first) <= past.made;',
    to: 'const late = false;',
    tests: ['src/engine/answer/next-pass.test.ts', 'src/engine/engine.test.ts'],
  },
  {
    file: 'src/engine/answer/scheduler.ts',
    from: 'used + columns <= limits.columns',
    to: 'columns <= limits.columns',
    tests: ['src/engine/answer/scheduler-admission.test.ts'],
  },
  {
    file: 'src/engine/answer/scheduler.ts',
    from: 'rewind[at]?.();',
    to: '',
    tests: ['src/engine/answer/scheduler-faults.test.ts'],
  },
  {
    file: 'src/engine/answer/embed-pictures.ts',
    from: 'opened.shift()',
    to: 'opened[pictures.length]',
    tests: ['src/engine/answer/embed-pictures.test.ts'],
  },
  {
    file: 'src/engine/answer/play-round.ts',
    from: 'tokens: events.length }',
    to: 'tokens: ids.length }',
    tests: ['src/engine/answer/play-round.test.ts', 'src/engine/answer/answer.test.ts'],
  },
  {
    file: 'src/engine/answer/picture.ts',
    from: 'line.size > most',
    to: 'line.size > 10 * most',
    tests: ['src/engine/answer/embed-pictures.test.ts'],
  },
  {
    file: 'src/engine/answer/conversations.ts',
    from: 'cut(conversation, common - 1);',
    to: 'cut(conversation, common);',
    tests: ['src/engine/answer/conversations.test.ts', 'src/engine/answer/answer.test.ts'],
  },
  {
    file: 'src/engine/answer/conversations.ts',
    from: 'common < read + BLOCK',
    to: 'common < read + 100 * BLOCK',
    tests: ['src/engine/engine.test.ts'],
  },
  {
    file: 'src/engine/answer/conversations.ts',
    from: 'sequence.join?.(other.sequence, common);',
    to: '{}',
    tests: ['src/engine/answer/conversations.test.ts'],
  },
  {
    file: 'src/engine/answer/target.ts',
    from: 'held.newest?.rows !== rows',
    to: 'held.newest === undefined',
    tests: ['src/engine/answer/target.model.test.ts'],
  },
  {
    file: 'src/engine/answer/pass-queue.ts',
    from: 'if (running) changes.push(make);\n      else make();',
    to: 'make();',
    tests: ['src/engine/answer/pass-queue.test.ts'],
  },
  {
    file: 'src/draft/drafters.ts',
    from: 'runs?.[0] === method',
    to: 'runs?.[0] !== method',
    tests: ['src/draft/drafters.test.ts'],
  },
  {
    file: 'src/engine/load/memory-need.ts',
    from: 'columnBytes({ layers: 1, ...draft.config })',
    to: 'columnBytes({ ...draft.config, layers: 1 })',
    tests: ['src/engine/load/memory-need.test.ts'],
  },
  {
    file: 'src/engine/load/rows-keep-apart.ts',
    from: 'Object.is(x, said[place * row.length + k])',
    to: 'Math.abs(x - (said[place * row.length + k] as number)) < 1e-5',
    tests: ['src/engine/load/rows-keep-apart.test.ts'],
  },
  {
    file: 'src/draft/pending-rows.ts',
    from: '* columns + row] = key[line]',
    to: '* columns + pending.count - 1 - row] = key[line]',
    tests: ['src/draft/pending-rows.test.ts', 'src/draft/golden-trees.model.test.ts'],
  },
  {
    file: 'src/draft/suffix-guesses.ts',
    from: '...(naming === null ? [] : begunIn(naming.names, text)),',
    to: '',
    tests: ['src/draft/recycled.test.ts'],
  },
  {
    file: 'src/input/asked-words.ts',
    from: 'Math.min(word.length, LONG) / (rowsWith.get(word) as number)',
    to: '1',
    tests: ['src/input/asked-words.test.ts'],
  },
  {
    file: 'src/input/reading/read-chart.ts',
    from: 'largest - (sizes[at] as number) <= slack',
    to: 'true',
    tests: ['src/input/reading/read-chart.test.ts'],
  },
  {
    file: 'src/input/reading/pair-columns.ts',
    from: 'under < height',
    to: 'false',
    tests: ['src/input/reading/pair-columns.test.ts'],
  },
  {
    file: 'src/input/reading/pair-legend.ts',
    from: 'fits.length === 1',
    to: 'fits.length > 0',
    tests: ['src/input/reading/pair-legend.test.ts'],
  },
  {
    file: 'src/engine/node/cost-cache.ts',
    from: 'left < 0 || left > BUSY',
    to: 'left > BUSY',
    tests: ['src/engine/node/cost-cache.test.ts'],
  },
  {
    file: 'src/formats/forms/w8a8/pack-panels.ts',
    from: 'kernel.clearFrom(column % columns);',
    to: '',
    tests: ['src/formats/forms/w8a8/pack-panels.test.ts'],
  },
  {
    file: 'src/formats/forms/w8a8/panel-kernel.ts',
    from: 'code.put(wholeAt + row * into, n,',
    to: 'code.put(wholeAt, n,',
    tests: ['src/formats/forms/w8a8/pack-panels.test.ts'],
  },
];
