import { describeFamily } from '../testing/describe-family.ts';
import { PICTURE_FAMILIES } from '../testing/family-fixture.ts';

for (const name of PICTURE_FAMILIES) describeFamily(name);
