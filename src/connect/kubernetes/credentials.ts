import type { RequestOptions } from 'node:https';
import { CairnError, problem } from '../../model/diagnostic.ts';
import type { Access } from './kubeconfig.ts';

/**
 * The access with fresh credentials. Programs and cloud providers are asked by the official client, which is loaded
 * only for them: importing it costs more than a whole plan.
 */
export async function credentialsOf(access: Access): Promise<Access> {
  if (!access.plugin) return access;
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(access.kubeconfig);
  config.setCurrentContext(access.context);
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CairnError(
      problem('kube-config', `the credentials for context ${access.context} could not be had`, {
        detail: [why.trim()],
      }),
    );
  }
  const authorization = authorizationIn(options.headers);
  return {
    ...access,
    headers: { ...access.headers, ...(authorization === undefined ? {} : { authorization }) },
    tls: {
      ...access.tls,
      ...(options.cert ? { cert: Buffer.from(String(options.cert)) } : {}),
      ...(options.key ? { key: Buffer.from(String(options.key)) } : {}),
    },
  };
}

function authorizationIn(headers: RequestOptions['headers']): string | undefined {
  if (!headers || Array.isArray(headers)) return undefined;
  const value = (headers as Record<string, unknown>).Authorization;
  return typeof value === 'string' ? value : undefined;
}
