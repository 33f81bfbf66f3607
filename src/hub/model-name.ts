import { ConfigError } from '../contracts/errors.ts';

/** `owner/name@revision` in parts. */
export interface ModelName {
  /** `owner/name`; some of the oldest models have no owner. */
  readonly model: string;
  /** Branch, tag or commit; absent if none was given, which means `main`. */
  readonly revision?: string;
}

const PART = /^\w(?:[\w.-]*\w)?$/;
const REVISION_PART = /^[\w+-][\w.+-]*$/;

/** Undefined where the hub would have no model of that name. Neither part can lead out of the cache's folder. */
export function parseModelName(text: string): ModelName | undefined {
  const [model = '', revision, ...more] = text.split('@');
  const parts = model.split('/');
  const fits = parts.length <= 2 && parts.every((part) => PART.test(part) && part.length <= 96);
  if (!fits || /--|\.\./.test(model) || more.length > 0) return undefined;
  if (revision === undefined) return { model };
  const named = revision.split('/').every((part) => REVISION_PART.test(part));
  return named && !revision.includes('..') ? { model, revision } : undefined;
}

/** @throws ConfigError */
export function modelName(text: string): ModelName {
  const name = parseModelName(text);
  if (name !== undefined) return name;
  throw new ConfigError(
    text,
    'the hub has no such names; give owner/name, or owner/name@revision.',
  );
}

/** The folder that the cache has for a model. */
export const modelFolder = (model: string): string => `models--${model.replace('/', '--')}`;

export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);
