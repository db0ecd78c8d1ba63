import { onKeycloak } from './real-server.ts';

// The whole is proved: test/proof/keycloak.test.ts.
onKeycloak('26.4.0', 'sample');
