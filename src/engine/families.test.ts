import { describeFamily } from './testing/describe-family.ts';

for (const name of ['llava-gqa', 'llava-next', 'smolvlm']) describeFamily(name);
