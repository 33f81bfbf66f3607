/** The package as others get it: packed, unpacked beside its dependencies in a folder of its own. */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A project of a user with the package in it. */
export interface Project {
  readonly folder: string;
  /** Writes a file, and gives its path. */
  readonly write: (name: string, text: string) => string;
  readonly remove: () => void;
}

/** The packages that are installed here, by their names. */
function installed(): string[] {
  return readdirSync(join(ROOT, 'node_modules')).filter((name) => !name.startsWith('.'));
}

/** @param without packages that the user does not have */
export function packedProject(without: readonly string[] = []): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'msd-package-')));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of installed().filter((one) => !without.includes(one)))
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const tarball = execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xf', tarball], { cwd: folder });
  execFileSync('mv', ['package', join('node_modules', 'msd-ts')], { cwd: folder });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return {
    folder,
    write(name, text) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/**
 * Compiles a program of a user as its settings say; the compiler's words are the error. What is checked is the program and
 * everything that it imports, not the compiler's own libraries nor Node's.
 */
export function compile(file: string, ...settings: string[]): void {
  const { options, fileNames, errors } = ts.parseCommandLine([
    ...['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
    ...['--target', 'es2022', '--types', 'node', ...settings, file],
  ]);
  const host = ts.createCompilerHost(options);
  host.getCurrentDirectory = () => dirname(file);
  const program = ts.createProgram(fileNames, options, host);
  const checked = program
    .getSourceFiles()
    .filter((one) => !program.isSourceFileDefaultLibrary(one) && !isOfNode(one.fileName));
  const found = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...checked.flatMap((one) => [
      ...program.getSyntacticDiagnostics(one),
      ...program.getSemanticDiagnostics(one),
    ]),
    ...program.emit().diagnostics,
  ];
  if (found.length > 0) {
    throw new Error(`tsc ${settings.join(' ')}: ${ts.formatDiagnostics(found, host)}`);
  }
}

const isOfNode = (file: string): boolean =>
  /\/node_modules\/(@types\/node|undici-types)\//.test(file);

/** What a program says, as JSON. */
export function saidBy(file: string): unknown {
  return JSON.parse(
    execFileSync(process.execPath, [file], { cwd: dirname(file), encoding: 'utf8' }),
  );
}
