import { realServers } from '../../fixtures/real-servers/expected.js';
import { testRealServers } from '../support/real-server.js';

testRealServers(realServers);
