import { MissingModelError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import type { HubFile } from './hub-listing.ts';

/**
 * The files of a repository that a model is loaded from: those beside config.json, with the weights in one format only.
 * @param asked paths that are taken instead of these
 * @throws MissingModelError if one that was asked for is not there, or there are no weights
 */
export function chooseFiles(
  model: string,
  files: readonly HubFile[],
  asked: readonly string[] = [],
): HubFile[] {
  if (asked.length > 0) return askedFiles(model, files, asked);
  const near = files.filter(({ path }) => !path.includes('/'));
  const weights = weightsOf(near);
  if (weights.length > 0) return [...near.filter(describes(weights)), ...weights];
  const gguf = files.filter(({ path }) => path.endsWith('.gguf')).map(({ path }) => path);
  const problem = 'the repository has neither *.safetensors nor pytorch_model*.bin.';
  if (gguf.length === 0) throw new MissingModelError(model, problem);
  throw new MissingModelError(model, `${problem} It has ${listed(gguf)}.`, {
    remedy: { kind: 'use-option', option: 'file', to: 'choose what to fetch' },
  });
}

function askedFiles(model: string, files: readonly HubFile[], asked: readonly string[]): HubFile[] {
  return [...new Set(asked)].map((path) => {
    const file = files.find((one) => one.path === path);
    if (file !== undefined) return file;
    const names = listed(files.map((one) => one.path));
    throw new MissingModelError(model, `there is no file ${printable(path)}; there are ${names}.`);
  });
}

/** Consolidated copies are left out where there are weights under the usual names, adapters where there is a model. */
const WEIGHTS = [
  /^model.*\.safetensors$/,
  /^(?!adapter_model\.).*\.safetensors$/,
  /^pytorch_model.*\.bin$/,
  /^adapter_model\.safetensors$/,
  /^adapter_model\.bin$/,
];

function weightsOf(files: readonly HubFile[]): HubFile[] {
  const found = WEIGHTS.map((format) => files.filter(({ path }) => format.test(path)));
  return found.find(({ length }) => length > 0) ?? [];
}

const DESCRIPTION =
  /\.(json|jinja|tiktoken)$|^(tokenizer|sentencepiece.*)\.model$|^(merges|vocab)\.txt$|^recycled\.safetensors$/;

/** Configuration, templates and tokenizer, and the index of these weights, not of others. */
const describes =
  (weights: readonly HubFile[]) =>
  ({ path }: HubFile): boolean => {
    const format = weights[0]?.path.split('.').at(-1);
    const index = path.match(/\.(safetensors|bin)\.index\.json$/);
    return DESCRIPTION.test(path) && (index === null || index[1] === format);
  };

const SHOWN = 10;

function listed(paths: readonly string[]): string {
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
  return `${paths.slice(0, SHOWN).map(printable).join(', ')}${more}`;
}
