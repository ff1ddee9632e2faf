import { storeContract } from '../testing/index.ts';
import { sqlitePlace } from './sqlite-place.ts';

storeContract('SQLite', async () => sqlitePlace());
