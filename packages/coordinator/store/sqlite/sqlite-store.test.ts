import { expect, test } from 'vitest';
import { storeContract } from '../testing/index.ts';
import { sqlitePlace } from '../testing/sqlite-place.ts';
import { sampleAppend, sampleSpec } from '../testing/samples.ts';
import { sqliteStore } from './sqlite-store.ts';

storeContract('SQLite', async () => sqlitePlace());

test('a reader sees one moment, whatever another process writes meanwhile', async () => {
  const place = sqlitePlace();
  try {
    const writer = place.open();
    const { id } = writer.createStudy('s', sampleSpec, 0);
    await writer.append(() => sampleAppend(id, 1, 3));
    const reader = sqliteStore(place.path, { readOnly: true });
    expect(reader.study('s')).toMatchObject({ lastEvent: 3 });
    await writer.append(() => sampleAppend(id, 4));
    expect([...reader.events(id, 0)].map((event) => event.id)).toEqual([1, 2, 3]);
    expect(reader.trials(id).map(({ number }) => number)).toEqual([3]);
    await reader.close();
    const later = sqliteStore(place.path, { readOnly: true });
    expect(later.study('s')).toMatchObject({ lastEvent: 4 });
    await later.close();
  } finally {
    await place.dispose();
  }
});
