import { describeFamily } from './testing/describe-family.ts';

const FAMILIES = ['llava-gqa', 'llava-next', 'smolvlm', 'qwen2-vl', 'qwen2.5-vl'];

for (const name of FAMILIES) describeFamily(name);
