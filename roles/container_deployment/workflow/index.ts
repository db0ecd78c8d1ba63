import { argo, type Deferred, k8s, type Resource } from '@cairnhq/cairn';
import { builderVolumes } from '../builder.ts';
import { buildkit } from '../docker_buildkit/index.ts';
import { kaniko } from '../docker_kaniko/index.ts';
import { gitContainer, gitGroup, gitVolumes } from '../git_push/index.ts';
import { type Vars as ImageVars, imageOf } from '../image.ts';
import { names } from '../index.ts';
import type { Vars as RepoVars } from '../repo/index.ts';

export type Vars = ImageVars & RepoVars;

const builders = { kaniko, buildkit };

/** What builds, by the name that the inventory says. */
export type BuilderName = keyof typeof builders;

/** The account of the builds, which may do what each pod of a workflow needs, and nothing else. */
export function buildAccount({ containerDeployment: { namespace, executorRole } }: Vars) {
  const name = names.account;
  return {
    account: k8s.serviceAccount({ namespace, name }),
    binding: k8s.roleBinding({
      namespace,
      name,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: executorRole },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    }),
  };
}

const parameter = (name: string) => `{{workflow.parameters.${name}}}`;
const input = (name: string) => `{{inputs.parameters.${name}}}`;
const found = (name: string) => `{{steps.look.outputs.parameters.${name}}}`;
const emptyDir = (name: string) => ({ name, emptyDir: {} });

/** How a commit becomes an image: look whether it has to, build, and write the tag into the branch. One at a time. */
export function buildTemplate(vars: Vars, builder: BuilderName, certificate: Deferred<string>) {
  const { namespace } = vars.containerDeployment;
  return argo.workflowTemplate({
    namespace,
    name: names.build,
    spec: {
      entrypoint: 'build',
      serviceAccountName: names.account,
      synchronization: { mutexes: [{ name: names.build }] },
      activeDeadlineSeconds: 1800,
      arguments: {
        parameters: [
          { name: 'cause', value: 'a wish' },
          { name: 'force', value: 'no' },
        ],
      },
      templates: [steps, lookTemplate(vars, builder), imageTemplate(vars, builder, certificate)],
    },
  });
}

const steps = {
  name: 'build',
  steps: [
    [{ name: 'look', template: 'look' }],
    [
      {
        name: 'image',
        template: 'image',
        when: `${found('build')} == yes`,
        arguments: { parameters: ['tag', 'commit'].map((name) => ({ name, value: found(name) })) },
      },
    ],
  ],
};

function lookTemplate(vars: Vars, builder: BuilderName) {
  const outputs = ['build', 'tag', 'commit', 'built'];
  return {
    name: 'look',
    securityContext: gitGroup,
    volumes: gitVolumes,
    container: gitContainer(vars, {
      script: 'look.sh',
      args: [vars.containerDeployment.branch, parameter('force'), builder],
    }),
    outputs: { parameters: outputs.map((name) => ({ name, valueFrom: { path: `/tmp/home/${name}` } })) },
  };
}

// One pod: what is cloned is built there, and nothing is recorded that wasn't pushed.
function imageTemplate(vars: Vars, builder: BuilderName, certificate: Deferred<string>) {
  const { branch } = vars.containerDeployment;
  const clone = gitContainer(vars, { script: 'clone.sh', args: [branch, input('commit')], folder: 'work' });
  const record = gitContainer(vars, {
    script: 'record.sh',
    args: [branch, imageOf(vars), input('tag'), parameter('cause'), builder],
  });
  const { container, volumes } = builders[builder];
  return {
    name: 'image',
    inputs: { parameters: [{ name: 'tag' }, { name: 'commit' }] },
    securityContext: gitGroup,
    volumes: [...gitVolumes, ...builderVolumes(vars), ...volumes, emptyDir('work'), emptyDir('record')],
    containerSet: {
      containers: [
        { name: 'clone', ...clone },
        { name: 'builder', dependencies: ['clone'], ...container(vars, { tag: input('tag'), certificate }) },
        { name: 'main', dependencies: ['builder'], ...inOwnRoom(record) },
      ],
    },
  };
}

// The clone before it has left its own in /tmp.
function inOwnRoom<C extends ReturnType<typeof gitContainer>>(container: C): C {
  const volumeMounts = container.volumeMounts.map((mount) =>
    mount.mountPath === '/tmp' ? { ...mount, name: 'record' } : mount,
  );
  return { ...container, volumeMounts };
}

/** The build that follows a change of Cairn's own, waited for. */
export function firstBuild(
  { containerDeployment: { namespace } }: Vars,
  cause: Deferred<string>,
  after: readonly Resource<unknown>[],
) {
  const parameters = [{ name: 'cause', value: cause }];
  return argo.workflow(
    { namespace, name: names.first, spec: { workflowTemplateRef: { name: names.build }, arguments: { parameters } } },
    { after, within: 900_000 },
  );
}

/** Looks at the branch by the clock, for pushes that nobody told of. */
export function poll(
  { containerDeployment: { namespace, poll: schedule } }: Vars,
  after: readonly Resource<unknown>[],
) {
  return argo.cronWorkflow(
    {
      namespace,
      name: names.build,
      spec: {
        schedules: [schedule],
        suspend: false,
        concurrencyPolicy: 'Forbid',
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 1,
        workflowSpec: {
          workflowTemplateRef: { name: names.build },
          arguments: { parameters: [{ name: 'cause', value: 'a look by the clock' }] },
          podGC: { strategy: 'OnWorkflowSuccess' },
        },
      },
    },
    { after },
  );
}
