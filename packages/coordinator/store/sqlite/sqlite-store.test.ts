import { storeContract } from '../testing/index.ts';
import { sqlitePlace } from '../testing/sqlite-place.ts';

storeContract('SQLite', async () => sqlitePlace());
