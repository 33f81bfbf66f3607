import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of the packages that some files are of, one after the other. */
export function noticesOf(files: readonly string[]): string {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      );
      const own = files.filter((file) => file.startsWith(`${folder}/`));
      const words = licenceIn(folder) ?? headersOf(own);
      return [`${name} ${version}, ${license}`, words].filter((text) => text !== '').join('\n\n');
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}

function licenceIn(folder: string): string | undefined {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim();
}

/** What files say of their rights before they begin, each text once. */
function headersOf(files: readonly string[]): string {
  const headers = files.flatMap((file) => {
    const [header = ''] = /^(\/\/.*\n)+/.exec(readFileSync(file, 'utf8')) ?? [];
    return header.includes('Copyright') ? [header.replaceAll(/^\/\/ ?/gm, '').trim()] : [];
  });
  return [...new Set(headers)].join('\n\n');
}
