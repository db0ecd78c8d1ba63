type Environment = Readonly<Record<string, string | undefined>>;

// Where programs and their caches lie, how text looks, and the way to the network: charts come from registries.
const handed =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TZ|TMPDIR|LANG|LANGUAGE|LC_\w+|XDG_\w+|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY|DOCKER_CONFIG|HELM_(CACHE_HOME|CONFIG_HOME|DATA_HOME|PLUGINS|REGISTRY_CONFIG|REPOSITORY_CACHE|REPOSITORY_CONFIG))$/i;

/**
 * The environment for a child program that knows how to reach clusters by itself (`helm`, `kubectl`), and mustn't: whatever
 * it renders, only our own ports write. Nothing of the caller's is handed on but what is listed here, so neither KUBECONFIG,
 * HELM_KUBE*, a pod's own service account nor somebody's secret comes along. `~/.kube/config` isn't read, because KUBECONFIG
 * names an empty file, and the server that kubectl's library takes when it knows none has a port that nothing listens on.
 *
 *     spawn('helm', ['template', …], { env: childEnvironment(env) })
 *
 * @param ambient the environment that Cairn was started with
 */
export function childEnvironment(ambient: Environment): Record<string, string> {
  const kept = Object.entries(ambient).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && handed.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), KUBECONFIG: '/dev/null', KUBERNETES_MASTER: 'http://127.0.0.1:0' };
}
