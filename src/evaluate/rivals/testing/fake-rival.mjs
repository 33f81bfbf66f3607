/**
 * Another engine as a process would be: it speaks its protocol, and writes `token` until the end token or the most. With
 * `badly`, it goes wrong as named.
 */
import { createInterface } from 'node:readline';

const [badly] = process.argv.slice(2);
const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
const say = (message) => console.log(JSON.stringify(message));

const opening = JSON.parse((await lines.next()).value);
if (badly === 'dies') {
  console.error('no such file: model.gguf');
  process.exit(3);
}
if (badly === 'babbles') console.log('Loading model …');
const tried = [{ setting: `${opening.threads} threads`, firstTokenMs: 4, tokenMs: 2 }];
const ways = ['fake', 'fake, prompt lookup'].map((name) => ({ name, runs: `${name} 1.0, Q4_1` }));
say({ ways, tried });
for (let next = await lines.next(); !next.done; next = await lines.next()) {
  const { way, prompt, maxTokens } = JSON.parse(next.value);
  const ids = Array.from({ length: maxTokens }, (_, at) => 100 * way + prompt.length + at);
  say({ ids, times: ids.map((_, at) => 4 + 2 * at), residentBytes: 2 ** 20 });
}
