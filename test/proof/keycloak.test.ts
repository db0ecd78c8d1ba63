import { onKeycloak } from '../contract/keycloak/real-server.ts';

// The major version before.
onKeycloak('25.0.6');
