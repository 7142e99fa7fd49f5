import { daemons } from '../../fixtures/real-servers/daemons.js';
import { testRealServers } from '../support/real-server.js';

testRealServers(daemons);
