import { describeFamily } from './testing/describe-family.ts';

for (const name of ['llava-gqa', 'qwen2-vl', 'qwen2.5-vl']) describeFamily(name);
