import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export { orTiny, TINY_DRAFT, TINY_PAIR, TINY_TARGET } from './tiny-pair.ts';

const inRepo = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const LLAVA_GQA = inRepo('fixtures/families/llava-gqa');
export const QWEN2_VL_DRAFT = inRepo('fixtures/families/qwen2-vl/draft');
export const LLAVA_7B = inRepo('fixtures/published/llava-1.5-7b-hf');

/** An empty folder that is gone when the test is over. */
export function tempFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'msd-checkpoint-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A copy of a model's folder that a test may damage. */
export function copyOf(dir: string): string {
  const copy = tempFolder();
  cpSync(dir, copy, { recursive: true });
  return copy;
}

type Json = Record<string, unknown>;

/** Rewrites a JSON file of a copy with some of its fields replaced; undefined takes a field away. */
export function setFields(path: string, fields: Json): void {
  const value: Json = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...value, ...fields }));
}

/** As setFields, for one of the objects in the file. */
export function setFieldsOf(path: string, section: string, fields: Json): void {
  const value: Json = JSON.parse(readFileSync(path, 'utf8'));
  setFields(path, { [section]: { ...Object(value[section]), ...fields } });
}
