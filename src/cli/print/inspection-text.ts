import { counted } from '../../contracts/counted.ts';
import { noDraft, tableText, whoDrafts } from '../../evaluate/figures.ts';
import type { Inspection } from '../../evaluate/inspect/inspection.ts';
import { textColumns } from '../../evaluate/text-columns.ts';
import { byteSize } from './units.ts';

/** An inspection as tables: model, memory, trees, files. */
export function inspectionText(inspection: Inspection): string {
  const blocks = [
    modelLines(inspection),
    memoryLines(inspection),
    treeLines(inspection),
    textColumns(
      [['Files', ''], ...inspection.files.map(({ path, bytes }) => [path, byteSize(bytes)])],
      [0],
    ),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function modelLines({ info, run }: Inspection): string[] {
  const millions = (count: number) => `${(count / 1e6).toFixed(1)} M parameters`;
  const draft =
    info.draft === null ? noDraft(info) : `${info.draft}: ${millions(info.draftParameters)}`;
  const facts = [
    ['Model', info.model],
    ['family', info.family],
    ['size', `${millions(info.parameters)}, ${info.layers} layers, hidden size ${info.hiddenSize}`],
    ['vocabulary', `${info.vocabSize} tokens`],
    ['context', `${info.contextLength} tokens${pictureTokens(info)}`],
    ['precision', info.precision],
    ['draft', draft],
    ['drafter', whoDrafts(run)],
    ...(info.recycled === undefined
      ? []
      : [['recycles', `${info.recycled.path}: ${tableText(info.recycled)}`]]),
    ['device', `${info.device}, ${counted(info.threads, 'thread')}`],
    ...info.unapplied.map((setting) => ['not applied', `generation_config.json: ${setting}`]),
  ];
  return textColumns(facts, [0, 1]);
}

function pictureTokens({ imageTokens }: Inspection['info']): string {
  return imageTokens === null ? '' : `; a picture takes ${imageTokens}`;
}

function memoryLines({ memory, info }: Inspection): string[] {
  const facts = [
    ['Memory', ''],
    ['weights', byteSize(memory.weights)],
    ['cache of a token', byteSize(memory.cachePerToken)],
    ...(memory.cachePerPicture === null
      ? []
      : [[`cache of a picture (${info.imageTokens} tokens)`, byteSize(memory.cachePerPicture)]]),
    [`cache of a full context (${info.contextLength} tokens)`, byteSize(memory.cacheFullContext)],
    ['whole process now', byteSize(memory.resident)],
  ];
  return textColumns(facts, [0]);
}

function treeLines({ trees, run, info }: Inspection): string[] {
  const [plain] = trees;
  const cells = trees.map(({ tree, rows, targetMs, roundMs, breakEven }) => [
    tree,
    String(rows),
    `${targetMs.toFixed(2)} ms`,
    plain === undefined ? '' : `${(targetMs / plain.targetMs).toFixed(2)}x`,
    `${roundMs.toFixed(2)} ms`,
    breakEven.toFixed(2),
  ]);
  const head = ['Tree', 'rows', 'target pass', 'of plain', 'with draft', 'pays above tokens/pass'];
  const when = info.costs.cached ? 'timed at an earlier load' : 'timed at this load';
  return [...textColumns([head, ...cells], [0]), `${when}; auto now: ${run.choice ?? run.tree}`];
}
