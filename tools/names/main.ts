import { join } from 'node:path';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { seeAll } from './see.ts';

const cache = join(cacheFolder(), 'names');
const say = (line: string) => void process.stderr.write(`${line}\n`);
await seeAll(
  { packages: join(cache, 'packages'), seen: join(cache, 'seen'), say },
  process.argv[2]?.split(','),
);
