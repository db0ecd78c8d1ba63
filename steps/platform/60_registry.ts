import { restore, step, T } from '@cairnhq/cairn';
import { answers } from '../../roles/gateway/answers.ts';
import { gateway } from '../../roles/gateway/index.ts';
import { route } from '../../roles/gateway/route.ts';
import { RegistryClient } from '../../roles/registry/api.ts';
import { names, registry } from '../../roles/registry/index.ts';
import { loginIn } from '../../roles/registry/login.ts';
import { architectureOf, pullJob } from '../../roles/registry/pull-job.ts';
import { server } from '../../roles/registry/server.ts';
import { smallestImage } from '../../roles/registry/smallest-image.ts';

const repository = 'cairn/probe';
const tag = 'verify';

export default step({
  summary: 'A registry of images, behind the gateway and a login',
  on: 'cluster',
  vars: T.Object({ gateway: gateway.vars, registry: registry.vars }),

  resources({ vars }) {
    const { namespace, host } = vars.registry;
    const parts = server(vars.registry);
    const spec = { namespace, name: names.server, host, service: names.server, port: names.port };
    const way = route('HTTPRoute', vars.gateway.namespace, spec);
    const refused = { url: `https://${host}/v2/`, status: 401 };
    return { ...parts, route: way, answers: answers(vars.gateway, refused, [way, parts.deployment]) };
  },

  async verify({ vars, check, scratch, http, kube }) {
    const outside = { http, kube };
    const { user } = vars.registry;

    await check('who has no login, or a wrong one, neither reads nor pushes', async () => {
      for (const login of [null, { user, password: 'not-the-password' }]) {
        const who = new RegistryClient(vars, outside, login);
        const [read, push] = await Promise.all([
          who.ask(''),
          who.ask(`${repository}/blobs/uploads/`, { method: 'POST' }),
        ]);
        const with_ = login === null ? 'without a login' : 'with a wrong password';
        if (read.status !== 401) throw new Error(`GET /v2/ ${with_} → ${read.status}, expected 401`);
        if (push.status !== 401) throw new Error(`a push ${with_} → ${push.status}, expected 401`);
      }
    });

    const client = new RegistryClient(vars, outside, await loginIn(vars.registry, kube));
    const image = smallestImage(await architectureOf(kube));
    await check(`${user} pushes an image, and finds it`, async () => {
      await client.push(repository, tag, image);
      const found = await client.digestOf(repository, tag, image.type);
      if (found !== image.manifest.digest)
        throw new Error(`${repository}:${tag} is ${found ?? 'missing'}, expected ${image.manifest.digest}`);
    });

    const job = pullJob(vars.registry, `${repository}@${image.manifest.digest}`);
    await scratch('the node pulls it by the login, and it runs', { job }, async () => {});

    await check('the image is taken out again', async () => {
      await client.remove(repository, image);
      if ((await client.digestOf(repository, tag, image.type)) !== undefined)
        throw new Error(`${repository}:${tag} is still there`);
    });
  },

  undo: restore,
});
