import { onKeycloak } from '../contract/keycloak/real-server.ts';

onKeycloak('26.4.0', 'whole');
// The major version before.
onKeycloak('25.0.6', 'whole');
