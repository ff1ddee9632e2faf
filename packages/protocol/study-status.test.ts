import type { StudyStatus } from '@fleetune/core';
import type { Static } from 'typebox';
import { expectTypeOf, test } from 'vitest';
import type { StudyStatusView } from './study-status.ts';

test('the document says of a study’s status what core does', () => {
  expectTypeOf<Static<typeof StudyStatusView>>().toEqualTypeOf<StudyStatus>();
});
