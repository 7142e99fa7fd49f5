import { davServers } from '../../fixtures/real-servers/dav.js';
import { testRealServers } from '../support/real-server.js';

testRealServers(davServers);
