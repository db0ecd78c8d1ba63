import { derive, type Resource, registry, requirement } from '@cairnhq/cairn';
import { keysOfHost, keysOfServer } from '../common/github_ssh_keys/index.ts';
import { authorityKey } from '../gateway/authority.ts';
import { wayTo } from '../registry/api.ts';
import { projectOfHarbor } from '../registry/harbor.ts';
import { names as registryNames, userOf } from '../registry/index.ts';
import { existingLogin } from '../registry/login.ts';
import { baseOf, registryAccess } from './image.ts';
import { names } from './index.ts';
import { imageContents, isOnOwnServer, repositoryHost } from './repo/index.ts';
import { type BuilderName, buildAccount, buildTemplate, firstBuild, poll, type Vars } from './workflow/index.ts';
import { receiver } from './workflow/receiver.ts';

/** All that turns commits into images: keys and logins, what is built, by what, and what starts it. */
export function buildParts(vars: Vars, builder: BuilderName): Readonly<Record<string, Resource<unknown>>> {
  const keys = keysOf(vars);
  const images = imagesIn(vars);
  const access = registryAccess(vars, images.password);
  const contents = imageContents(vars, baseOf(vars), [keys.key, ...(keys.deployKey ? [keys.deployKey] : [])]);
  const template = buildTemplate(vars, builder, access.signer.out.certificate);
  const account = buildAccount(vars);
  // the first push is built by the first build: one that was heard of would have it wait, and look for nothing
  const hears = receiver(vars, [contents]);
  const first = firstBuild(
    vars,
    derive([contents.out.commit], (commit) => `commit ${commit}, by ${builder}`),
    [template, account.binding, access.login, access.trust, keys.key, keys.knownHosts],
  );
  const clock = vars.containerDeployment.poll === '' ? {} : { poll: poll(vars, [first]) };
  return {
    ...keys,
    ...images.parts,
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
  if (isOnOwnServer(vars)) return keysOfServer(place, vars.gitServer);
  return {
    hostIsKnown: known(vars),
    ...keysOfHost(place, { key: deployKey, lines: knownHosts, repository, isGithub }),
  };
}

function known(vars: Vars) {
  const host = repositoryHost(vars);
  const unmet = {
    summary: `containerDeployment.knownHosts is empty: the key of ${host} is not known`,
    help: `ssh-keyscan ${host} gives its keys: compare them with what the host itself publishes, and put one there`,
  };
  const isKnown = vars.containerDeployment.knownHosts.trim() !== '';
  return requirement({ id: `the key of ${host}`, test: () => Promise.resolve(isKnown || unmet) });
}

// Where images go to, and the password there.
function imagesIn(vars: Vars) {
  if (vars.registry.harborProject !== '') {
    const { parts, password } = projectOfHarbor(vars.registry);
    return { parts: { isFit: fitForHarbor(vars), ...parts }, password };
  }
  const registryLogin = existingLogin(vars.registry);
  return { parts: { registryLogin }, password: registryLogin.out.data.password };
}

function fitForHarbor({ containerDeployment: { image, base }, registry: { harborProject } }: Vars) {
  const test = () => {
    if (!image.startsWith(`${harborProject}/`)) {
      const summary = `containerDeployment.image is ${image}, which is not in the project ${harborProject}`;
      return {
        summary,
        help: `name it ${harborProject}/${image.replace(/^.*\//, '')}, or change registry.harborProject`,
      };
    }
    if (base !== '') return true;
    const help =
      'the base of steps/images goes from the throw-away cluster to its own registry: name docker.io/library/debian:bookworm-slim or one of yours';
    return { summary: 'containerDeployment.base names no image that builds begin with', help };
  };
  return requirement({ id: 'an image and its base for Harbor', test: () => Promise.resolve(test()) });
}

/** The newest image of the branch, which its name is a tag of. */
function newest(vars: Vars, after: readonly Resource<unknown>[]) {
  const { image, branch } = vars.containerDeployment;
  const { namespace } = vars.registry;
  const password = { kind: 'Secret', namespace, name: registryNames.login, key: 'password' } as const;
  const way = { ...wayTo(vars), login: { user: userOf(vars.registry), password }, ca: authorityKey(vars.gateway) };
  return registry.image({ registry: way, repository: image, reference: branch }, { after, within: 60_000 });
}
