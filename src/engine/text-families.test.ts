import { describeFamily } from './testing/describe-family.ts';

const NAMES = ['biased', 'qwen2', 'llama3', 'yarn', 'mscales', 'linear'];

for (const name of NAMES) describeFamily(`text/${name}`);
