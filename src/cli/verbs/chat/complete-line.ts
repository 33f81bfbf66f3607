import { readdirSync } from 'node:fs';
import type { Complete } from '../../terminal/line-source.ts';
import { CHAT_COMMANDS_TYPED } from './chat-line.ts';
import { atHome, escaped, unescaped } from './typed-path.ts';

/** Completes commands, and files behind those that take one, in the way that they were begun: quoted or escaped. */
export const completeLine: Complete = (line) => {
  if (/^\/\S*$/.test(line)) {
    return [CHAT_COMMANDS_TYPED.filter((name) => name.startsWith(line)), line];
  }
  const [, typed] = line.match(/^\/(?:image|save)\s+(.*)$/s) ?? [];
  return typed === undefined ? [[], line] : [files(typed), typed];
};

function files(typed: string): string[] {
  const [, quote = '', path = ''] = typed.match(/^(["']?)(.*)$/s) ?? [];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const begun = path.slice(folder.length);
  const plain = (text: string) => (quote === '' ? unescaped(text) : text);
  const wanted = plain(begun);
  return entries(atHome(plain(folder)) || '.')
    .filter(({ name }) => name.startsWith(wanted) && (wanted !== '' || !name.startsWith('.')))
    .map(({ name, isFolder }) => {
      const shown = quote === '' ? escaped(name) : name;
      return `${quote}${folder}${shown}${isFolder ? '/' : quote}`;
    });
}

function entries(folder: string): { name: string; isFolder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // no folder, nothing to offer
  }
}
