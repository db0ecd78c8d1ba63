import { onKeycloak } from './real-server.ts';

onKeycloak('26.4.0');
