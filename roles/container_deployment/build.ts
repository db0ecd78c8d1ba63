import { derive, type Resource, registry } from '@cairnhq/cairn';
import { keysOfHost, keysOfServer } from '../common/github_ssh_keys/index.ts';
import { authorityKey } from '../gateway/authority.ts';
import { names as registryNames } from '../registry/index.ts';
import { baseOf, registryAccess } from './docker_kaniko/index.ts';
import { names } from './index.ts';
import { imageContents, isOnOwnServer } from './repo/index.ts';
import { builder, buildTemplate, firstBuild, poll, type Vars } from './workflow/index.ts';
import { receiver } from './workflow/receiver.ts';

/** All that turns commits into images: keys and logins, what is built, how, and what starts it. */
export function buildParts(vars: Vars): Readonly<Record<string, Resource<unknown>>> {
  const keys = keysOf(vars);
  const access = registryAccess(vars);
  const contents = imageContents(vars, baseOf(vars), [keys.key, ...(keys.deployKey ? [keys.deployKey] : [])]);
  const template = buildTemplate(vars, access.signer.out.certificate);
  const account = builder(vars);
  const hears = receiver(vars);
  const first = firstBuild(
    vars,
    derive([contents.out.commit], (commit) => `commit ${commit}`),
    [template, account.binding, access.login, access.trust, keys.key, keys.knownHosts],
  );
  const clock = vars.containerDeployment.poll === '' ? {} : { poll: poll(vars, [first]) };
  return {
    ...keys,
    ...access,
    ...account,
    contents,
    template,
    first,
    waiting_for_image: newest(vars, [first]),
    ...clock,
    ...hears,
  };
}

function keysOf(vars: Vars) {
  const { namespace, deployKey, knownHosts, repository, isGithub } = vars.containerDeployment;
  const place = { namespace, key: names.key, knownHosts: names.knownHosts };
  if (!isOnOwnServer(vars)) return keysOfHost(place, { key: deployKey, lines: knownHosts, repository, isGithub });
  return keysOfServer(place, vars.gitServer);
}

/** The newest image of the branch, which its name is a tag of. */
function newest(
  { containerDeployment, gateway, registry: { host, user, namespace } }: Vars,
  after: readonly Resource<unknown>[],
) {
  const { image, branch } = containerDeployment;
  const password = { kind: 'Secret', namespace, name: registryNames.login, key: 'password' } as const;
  const ca = authorityKey(gateway);
  const way = { url: `https://${host}`, login: { user, password }, ca, connectTo: gateway.address };
  return registry.image({ registry: way, repository: image, reference: branch }, { after, within: 60_000 });
}
