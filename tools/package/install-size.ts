import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Packages that are named in the table; the others are one row. */
const NAMED = 6;

/** What an installation takes, as a table. */
export function installSize(folder: string, tarball: string, seconds: number): string {
  const modules = join(folder, 'node_modules');
  const packages = packageFolders(modules).map((name) => ({
    name,
    bytes: bytesIn(join(modules, name)),
  }));
  packages.sort((a, b) => b.bytes - a.bytes);
  const largest = packages.slice(0, NAMED);
  const sum = (some: readonly { readonly bytes: number }[]) =>
    some.reduce((total, { bytes }) => total + bytes, 0);
  const rows = [
    ...largest.map(({ name, bytes }) => [name, bytes] as const),
    [`${packages.length - largest.length} others`, sum(packages.slice(NAMED))] as const,
    ['together', sum(packages)] as const,
  ];
  const tar = statSync(join(folder, tarball)).size;
  return [
    `${process.platform} ${process.arch}, Node ${process.versions.node}: ${packages.length} packages in ${seconds.toFixed(0)} s; the tarball itself ${mega(tar)}`,
    '',
    '| package | on disk |',
    '| --- | ---: |',
    ...rows.map(([name, bytes]) => `| ${name} | ${mega(bytes)} |`),
  ].join('\n');
}

const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function packageFolders(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((one) => `${name}/${one}`) : name,
    );
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => lstatSync(join(folder, path)))
    .reduce((total, stats) => total + (stats.isFile() ? stats.size : 0), 0);
}
