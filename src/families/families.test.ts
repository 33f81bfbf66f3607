import { describeFamily } from '../engine/testing/describe-family.ts';
import { PICTURE_FAMILIES } from '../engine/testing/family-fixture.ts';

for (const name of PICTURE_FAMILIES) describeFamily(name);
