/** A process that fills a cache folder until it is killed: `fill-cache.ts FOLDER LIMIT_BYTES SEED`. */
import { openFeatureCache } from '../feature-cache.ts';
import { keyOf, numbersOf } from './cache-entries.ts';

const [folder = '', limit, seed] = process.argv.slice(2);
const cache = await openFeatureCache({
  folder,
  limitBytes: Number(limit),
  now: () => new Date(),
  onWarning: (message) => process.stderr.write(`${message}\n`),
});
process.stdout.write('ready\n');
for (let index = Number(seed); ; index++) {
  const numbers = numbersOf(index % 200);
  if (cache.get(keyOf(index % 200), numbers.length) === undefined) {
    await cache.put(keyOf(index % 200), numbers);
  }
}
