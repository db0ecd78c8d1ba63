import { CairnError, type Deferred, derive, harbor, k8s, problem, type Secret, type VarsOf } from '@cairnhq/cairn';
import { type registry, userOf } from './index.ts';
import { login } from './login.ts';

/** The project of a Harbor, and a robot that pulls and pushes there, whose login is kept where that of the cluster's own registry is. */
export function projectOfHarbor(vars: VarsOf<typeof registry>) {
  const { namespace, user, harborProject: name } = vars;
  const registryLogin = login(vars);
  const { password } = registryLogin.out.data;
  const project = harbor.project({ name });
  const robot = harbor.robotAccount(
    {
      project: name,
      name: user,
      permissions: ['repository:pull', 'repository:push'],
      description: 'Cairn: pulls images, and pushes what is built',
      secret: password,
    },
    { after: [project] },
  );
  return {
    parts: { registryNamespace: k8s.namespace({ name: namespace }), registryLogin, harborProject: project, robot },
    password: takenBy(robot.out.user, password, userOf(vars)),
  };
}

// Names of robots begin as their Harbor is set up; a login by another name would be refused without a word of why.
function takenBy(called: Deferred<string>, password: Deferred<Secret>, expected: string): Deferred<Secret> {
  return derive([called, password], (user, plain) => {
    if (user === expected) return plain;
    throw new CairnError(
      problem('other-robot', `the robot of this Harbor is called ${user}, and not ${expected}`, {
        help: 'set registry.robotPrefix to what stands before the name of the project',
      }),
    );
  });
}
