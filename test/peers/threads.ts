/** What a public thread about another tool says, and what Cairn does where it was tried. */
export interface Thread {
  readonly says: string;
  readonly cairn: string;
}

/** By `owner/repo#number`, in the order of the page. */
export const threads = {
  'hashicorp/terraform-provider-kubernetes#2793': {
    says: 'A `false` that the server leaves out fails the apply: `globalDefault: was False, but now null`',
    cairn: 'applies it and plans nothing afterwards',
  },
  'hashicorp/terraform-provider-kubernetes#2167': {
    says: 'A volume with `readOnly: false` is created, and yet reported as failed',
    cairn: 'applies it and plans nothing afterwards',
  },
  'hashicorp/terraform-provider-kubernetes-alpha#248': {
    says: 'Limits of `1.0` and `0.5` CPU break the apply: the server writes `1` and `500m`',
    cairn: 'applies them and plans nothing afterwards',
  },
  'hashicorp/terraform-provider-kubernetes#2508': {
    says: '`cpu: 1000` comes back as `1k`, which is called an inconsistent result',
    cairn: 'knows that they are equal',
  },
  'hashicorp/terraform#28564': {
    says: 'An autoscaler for CPU and memory shows a diff at each apply',
    cairn: 'plans nothing afterwards',
  },
  'ansible/ansible-kubernetes-modules#3': {
    says: 'A Secret declared by `stringData` is changed every time',
    cairn: 'applies it as `data` and plans nothing afterwards',
  },
  'hashicorp/terraform-provider-kubernetes#2711': {
    says: '`kubectl rollout restart` leaves an annotation in the pod template that breaks the next apply',
    cairn: 'leaves the annotation, and plans nothing',
  },
  'hashicorp/terraform-provider-kubernetes#2722': {
    says: 'The annotation `deprecated.daemonset.template.generation`, kept by a controller, fails the apply',
    cairn: 'leaves it alone',
  },
  'hashicorp/terraform-provider-kubernetes#1370': {
    says: 'The annotation `deployment.kubernetes.io/revision` is in the way of every second apply',
    cairn: 'leaves it alone',
  },
  'hashicorp/terraform-provider-kubernetes#2547': {
    says: 'Annotations and finalizers that an operator adds make the result inconsistent, and the object is replaced',
    cairn: 'leaves them alone',
  },
  'open-policy-agent/gatekeeper#817': {
    says: 'Every deploy overwrites the `caBundle` that a controller put into a webhook',
    cairn: 'leaves a field alone that the step doesn’t set',
  },
  'kubernetes/kubernetes#100572': {
    says: 'A large object is refused, because a copy of it in an annotation passes 262144 bytes',
    cairn: 'keeps no copy of the object in it: 600 KiB are applied, and nothing is planned afterwards',
  },
  'kubernetes/kubernetes#23564': {
    says: '`kubectl apply` leaves the values of a Secret readable in its annotation',
    cairn: 'writes which fields it applied, and no value',
  },
  'hashicorp/terraform-provider-kubernetes#584': {
    says: 'Every apply takes back the replicas that an autoscaler set',
    cairn: 'leaves `initially(…)` fields to whoever sets them afterwards',
  },
  'hashicorp/terraform-provider-kubernetes#2597': {
    says: 'A custom object can’t be planned before its definition is in the cluster',
    cairn: 'plans both, guessed where it must be, and one run makes both',
  },
  'ansible/ansible#66870': {
    says: 'Check mode tells of changes that the run doesn’t make',
    cairn: 'plans what the run then does, line by line, and nothing the second time',
  },
  'databus23/helm-diff#128': {
    says: 'The diff prints the values of Secrets into the logs of CI',
    cairn: 'says that they change, and shows neither the old nor the new one',
  },
  'hashicorp/terraform-provider-helm#333': {
    says: 'A value said to be sensitive stands in the plan of a release',
    cairn: 'shows it nowhere: not in the plan, the run, the log or the journal',
  },
  'siderolabs/talos#12495': {
    says: 'After `kubectl edit` server-side apply stops with a conflict',
    cairn: 'calls it drift, names who did it, and takes it back',
  },
  'argoproj/argo-cd#25561': {
    says: 'What was made by client-side `kubectl apply` conflicts with server-side apply',
    cairn: 'adopts it, and undo gives it back',
  },
  'helm/helm#6561': {
    says: 'Objects that are there already can’t be taken into a release',
    cairn: 'adopts them, and undo gives them back as they were',
  },
  'helm/helm#9125': {
    says: 'A new API version of a kind makes an upgrade fail on its own object',
    cairn: 'goes on with the same object: no replacement, no removal',
  },
  'argoproj/argo-cd#22607': {
    says: 'A namespace that two applications declare goes with the first that is deleted',
    cairn: 'keeps what another playbook still declares',
  },
  'kubernetes-sigs/cli-utils#274': {
    says: 'A namespace left out of the next apply is pruned, and everything in it with it',
    cairn: 'keeps a namespace that holds what the step still declares',
  },
  'kubernetes/kubernetes#66430': {
    says: 'Pruning with `--all` wants to delete what it never made',
    cairn: 'removes what its own journal made, and nothing else, whatever labels it carries',
  },
  'kubernetes/kubectl#962': {
    says: '`kubectl wait` believes a condition from before the change',
    cairn: 'waits until a controller has seen the newest generation',
  },
  'kubernetes/kubernetes#18568': {
    says: 'A rollout whose image can’t be pulled is waited for until time runs out',
    cairn: 'fails at once, with the image and the registry’s words',
  },
  'helm/helm#10196': {
    says: '`--wait` waits for a claim whose volume is only made once a pod uses it, until time runs out',
    cairn: 'goes on: such a claim is as ready as it can be',
  },
  'hashicorp/terraform-provider-kubernetes#335': {
    says: 'A deletion hangs until time runs out, without a reason',
    cairn: 'names the finalizer that blocks it, and never strips it',
  },
  'hashicorp/terraform-provider-kubernetes#1091': {
    says: 'A changed Job is not run again',
    cairn: 'runs it once for each new set of inputs',
  },
  'kubernetes/kubernetes#89657': {
    says: 'A changed Job fails in the midst of an apply: the field is immutable',
    cairn: 'plans the replacement beforehand, and does it with consent',
  },
  'helm/helm#7257': {
    says: 'After a first install that failed there is no way on: `has no deployed releases`',
    cairn: 'goes on from where it stopped, once the cause is gone',
  },
  'helm/helm#7476': {
    says: 'After a deploy that was killed everything is refused: `another operation is in progress`',
    cairn: 'knows that the holder of the lock is dead, and begins at once',
  },
  'helm/helm#12195': {
    says: 'Whole numbers from 1000000 on turn into `1e+06`',
    cairn: 'gives them to the chart as they are',
  },
  'ansible-collections/community.kubernetes#143': {
    says: 'Numbers among the values of a chart become strings',
    cairn: 'gives values to the chart with their types',
  },
  'ansible-collections/community.kubernetes#290': {
    says: 'A number from a variable reaches the cluster as a string',
    cairn: 'keeps the type of a template that is one expression',
  },
  'helm/helm#8972': {
    says: 'An upgrade leaves out a definition that the new chart brings',
    cairn: 'plans it and makes it, like every other object of the chart',
  },
} as const satisfies Readonly<Record<string, Thread>>;

export type Source = keyof typeof threads;

/** What a test of a thread is called. */
export function titleOf(source: Source): string {
  const { says, cairn } = threads[source];
  return `${source}: ${says}; Cairn ${cairn}`;
}
