import { describeFamily } from '../testing/describe-family.ts';
import { TEXT_FAMILIES } from '../testing/family-fixture.ts';

for (const name of TEXT_FAMILIES) describeFamily(name);
