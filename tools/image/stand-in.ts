import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Node 20 and 22 bring it. */
const NPM = 'npm@10';

/**
 * Makes an image that stands in for `node:20-bookworm-slim` and its like where no registry of images is within reach: a
 * minimal Debian with Node, npm and the user `node`, of Debian's packages and npm's. Needs mmdebstrap.
 */
export function makeStandIn(program: string, base: string, name: string): void {
  const [, node, release] = base.match(/^node:(\d+)-([a-z]+)-slim$/) ?? [];
  if (node === undefined || release === undefined) {
    throw new Error(`${base} is no image that a stand-in is known for.`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'msd-image-'));
  const fetched = (what: string): string => {
    const pack = ['pack', '--silent', '--pack-destination', folder, what];
    return join(folder, execFileSync('npm', pack, { encoding: 'utf8' }).trim());
  };
  const unpack = (what: string, to: string) =>
    `mkdir -p "$1/${to}" && tar -xzf '${fetched(what)}' --strip-components=1 -C "$1/${to}"`;
  const root = join(folder, 'root.tar');
  const npm = 'usr/local/lib/node_modules/npm';
  const hooks = [
    unpack(`node-linux-${process.arch}@${node}`, 'usr/local'),
    unpack(NPM, npm),
    ...['npm', 'npx'].map((bin) => `ln -s '/${npm}/bin/${bin}-cli.js' "$1/usr/local/bin/${bin}"`),
    'chroot "$1" groupadd --gid 1000 node',
    'chroot "$1" useradd --uid 1000 --gid node --create-home node',
  ];
  try {
    execFileSync(
      'mmdebstrap',
      ['--quiet', '--variant=minbase', ...hooks.map((one) => `--customize-hook=${one}`)].concat(
        release,
        root,
      ),
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    execFileSync(program, ['import', root, name], { stdio: ['ignore', 'ignore', 'inherit'] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
