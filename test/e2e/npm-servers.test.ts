import { npmServers } from '../../fixtures/real-servers/expected-npm.js';
import { testRealServers } from '../support/real-server.js';

testRealServers(npmServers);
