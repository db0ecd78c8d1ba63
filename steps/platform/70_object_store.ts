import { restore, step, T } from '@cairnhq/cairn';
import { answers } from '../../roles/gateway/answers.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { route } from '../../roles/gateway/route.ts';
import { demand, send } from '../../roles/object_store/api.ts';
import { bucket } from '../../roles/object_store/bucket.ts';
import { names, objectStore } from '../../roles/object_store/index.ts';
import { server } from '../../roles/object_store/server.ts';

export default step({
  summary: 'An object store with a bucket for what workflows leave',
  on: 'cluster',
  vars: T.Object({ gateway: gateway.vars, objectStore: objectStore.vars }),

  resources({ vars }) {
    const { namespace, host } = vars.objectStore;
    const parts = server(vars.objectStore);
    const spec = { namespace, name: names.server, host, service: names.server, port: names.port };
    const way = route('HTTPRoute', vars.gateway.namespace, spec);
    const refused = { url: `https://${host}/`, status: 403 };
    const answering = answers(vars.gateway, refused, [way, parts.deployment]);
    return { ...parts, route: way, answers: answering, bucket: bucket(vars, [answering]) };
  },

  async verify({ vars, check, http, kube }) {
    const outside = { http, kube };
    const path = `/${vars.objectStore.bucket}/cairn-probe`;

    await check('an object is put, comes back as it was, and is removed', async () => {
      const body = `a probe of ${new Date().toISOString()}`;
      await demand(vars, outside, { method: 'PUT', path, body }, [200]);
      const found = await demand(vars, outside, { method: 'GET', path }, [200]);
      await demand(vars, outside, { method: 'DELETE', path }, [204]);
      if (found.body !== body) throw new Error(`${path} came back as "${found.body.slice(0, 80)}"`);
      await demand(vars, outside, { method: 'GET', path }, [404]);
    });

    await check('who has no login, or a wrong one, neither reads nor writes', async () => {
      for (const keys of [null, { user: vars.objectStore.user, password: 'not-the-password' }]) {
        for (const method of ['GET', 'PUT'] as const) {
          const { status } = await send(vars, outside, keys, { method, path });
          const with_ = keys === null ? 'without a login' : 'with a wrong password';
          if (status !== 403) throw new Error(`${method} ${path} ${with_} → ${status}, expected 403`);
        }
      }
    });
  },

  undo: restore,
});
