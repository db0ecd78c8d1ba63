import { argoDefinitions } from '../../rig/argo.ts';
import { argoSuite } from './argo-suite.ts';
import { fakeServer } from './world.ts';

argoSuite({
  name: fakeServer.name,
  async open() {
    const world = await fakeServer.open();
    for (const definition of argoDefinitions) await world.applyAs('kubectl', definition);
    return world;
  },
});
