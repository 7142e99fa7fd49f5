import { parseServer } from '../../fixtures/real-servers/expected/parse-server.js';
import { start } from '../../fixtures/real-servers/parse-server.js';
import { testRealServers } from '../support/real-server.js';

// Shorter than its 300 s, so that the run sees what happens to an id whose time is over.
testRealServers([
  {
    name: 'parse-server, PostgreSQL',
    spec: 'parse-server.yaml',
    start: () => start({ ttlSeconds: 15 }),
    expected: parseServer,
    flags: ['--max-wait', '19s'],
  },
]);
