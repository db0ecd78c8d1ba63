import { restore, step, T } from '@cairnhq/cairn';
import { devpi, names } from '../../roles/devpi/index.ts';
import { probeJob } from '../../roles/devpi/probe-job.ts';
import { ping } from '../../roles/redis/ephemeral_redis/checks.ts';
import { ephemeralRedis, redisObjects } from '../../roles/redis/ephemeral_redis/index.ts';

export default step({
  summary: 'A Redis for login sessions that keeps nothing',
  on: 'cluster',
  vars: T.Object({
    devpi: devpi.vars,
    ephemeralRedis: ephemeralRedis.vars,
    /** Whether this cluster's network obeys NetworkPolicy. */
    networkPolicies: T.Union([T.Literal('enforced'), T.Literal('ignored')]),
  }),

  resources: ({ vars: { devpi, ephemeralRedis } }) =>
    redisObjects(ephemeralRedis, { namespace: devpi.namespace, name: names.redis }),

  async verify({ vars: { devpi: vars, networkPolicies }, check, scratch, kube }) {
    const place = { namespace: vars.namespace, name: names.redis };

    await check('Redis answers who knows the password', async () => {
      const answer = await ping(place, kube, 'password');
      if (answer !== 'PONG') throw new Error(`PING with the password → ${answer || 'nothing'}, expected PONG`);
    });

    await check('Redis refuses who has none', async () => {
      const answer = await ping(place, kube, 'nobody');
      if (!answer.startsWith('NOAUTH')) throw new Error(`PING without a password → ${answer}, expected NOAUTH`);
    });

    if (networkPolicies === 'ignored') {
      await check('its fence is in place; this network enforces none, so that is all to be seen', async () => {
        const ref = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...place };
        if ((await kube.get(ref)) === null)
          throw new Error(`NetworkPolicy ${place.namespace}/${place.name} is missing`);
      });
      return;
    }
    const job = probeJob(
      { ...vars, namespace: 'default' },
      {
        name: 'cairn-probe-fence',
        script: devpi.read('closed.py'),
        args: [`${place.name}.${place.namespace}`, '6379'],
        account: 'default',
      },
    );
    await scratch('a pod of another namespace finds Redis closed', { job }, async () => {});
  },

  undo: restore,
});
