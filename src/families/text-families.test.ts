import { describeFamily } from '../engine/testing/describe-family.ts';
import { TEXT_FAMILIES } from '../engine/testing/family-fixture.ts';

for (const name of TEXT_FAMILIES) describeFamily(name);
