// What steps and roles import, and nothing else does: the only barrel.

import { index } from './resources/devpi/package-index.ts';
import { user as devpiUser } from './resources/devpi/user.ts';
import { contents } from './resources/git/contents.ts';
import { deployKey } from './resources/github/deploy-key.ts';
import { webhook } from './resources/github/webhook.ts';
import { project } from './resources/harbor/project.ts';
import { robotAccount } from './resources/harbor/robot-account.ts';
import { authorizedKey } from './resources/host/accounts/authorized-key.ts';
import { group } from './resources/host/accounts/group.ts';
import { sudoers } from './resources/host/accounts/sudoers.ts';
import { user } from './resources/host/accounts/user.ts';
import { archive } from './resources/host/archive/archive.ts';
import { command } from './resources/host/command.ts';
import { block } from './resources/host/content/block.ts';
import { line } from './resources/host/content/line.ts';
import { iniValue, jsonValue, tomlValue, yamlValue } from './resources/host/content/value/value.ts';
import { directories, directory } from './resources/host/directory.ts';
import { download } from './resources/host/download.ts';
import { file } from './resources/host/file.ts';
import { fileExists, httpAnswers, portOpen } from './resources/host/gates.ts';
import { gitCheckout } from './resources/host/git/checkout.ts';
import { hostsEntry } from './resources/host/hosts-entry.ts';
import { kernelModule } from './resources/host/kernel/module.ts';
import { mount } from './resources/host/kernel/mount.ts';
import { sysctl } from './resources/host/kernel/sysctl.ts';
import { link } from './resources/host/link.ts';
import { aptPackage } from './resources/host/package.ts';
import { apkRepository } from './resources/host/packages/apk-repository.ts';
import { aptRepository } from './resources/host/packages/apt-repository.ts';
import { dnfRepository } from './resources/host/packages/dnf-repository.ts';
import { venv } from './resources/host/python/venv.ts';
import { reboot } from './resources/host/reboot.ts';
import { cron } from './resources/host/scheduled/cron.ts';
import { timer } from './resources/host/scheduled/timer.ts';
import { script } from './resources/host/script.ts';
import { service } from './resources/host/services/service.ts';
import { permissions } from './resources/host/tree/permissions.ts';
import { purge } from './resources/host/tree/purge.ts';
import { client } from './resources/keycloak/client.ts';
import { clientScope } from './resources/keycloak/client-scope.ts';
import { group as keycloakGroup } from './resources/keycloak/group.ts';
import { protocolMapper } from './resources/keycloak/protocol-mapper.ts';
import { realm } from './resources/keycloak/realm.ts';
import { clientRole, realmRole } from './resources/keycloak/role.ts';
import { user as keycloakUser } from './resources/keycloak/user.ts';
import { application } from './resources/kubernetes/argo/application.ts';
import { cronWorkflow, workflow, workflowTemplate } from './resources/kubernetes/argo/workflow.ts';
import { helmRelease, helmTests } from './resources/kubernetes/bundle/helm-release.ts';
import { kustomization } from './resources/kubernetes/bundle/kustomization.ts';
import { manifests } from './resources/kubernetes/bundle/manifests.ts';
import { authority, certificate } from './resources/kubernetes/issued/certificate.ts';
import { credential } from './resources/kubernetes/issued/credential.ts';
import { generated } from './resources/kubernetes/issued/generated.ts';
import { sshKeyPair } from './resources/kubernetes/issued/ssh-key-pair.ts';
import * as kinds from './resources/kubernetes/kinds/built-in.ts';
import { configMap } from './resources/kubernetes/kinds/config-map.ts';
import { dockerConfig } from './resources/kubernetes/kinds/docker-config.ts';
import { existing } from './resources/kubernetes/kinds/existing.ts';
import { job } from './resources/kubernetes/kinds/job.ts';
import { restartWhen } from './resources/kubernetes/kinds/restart.ts';
import { secret as kubeSecret } from './resources/kubernetes/kinds/secret.ts';
import { object } from './resources/kubernetes/object.ts';
import { image } from './resources/registry/image.ts';

/** What is on a host. */
export const host = {
  apkRepository,
  aptRepository,
  archive,
  authorizedKey,
  block,
  command,
  cron,
  directories,
  directory,
  dnfRepository,
  download,
  file,
  fileExists,
  gitCheckout,
  group,
  hostsEntry,
  iniValue,
  httpAnswers,
  jsonValue,
  kernelModule,
  line,
  link,
  mount,
  package: aptPackage,
  permissions,
  portOpen,
  purge,
  reboot,
  script,
  service,
  sudoers,
  sysctl,
  timer,
  tomlValue,
  user,
  venv,
  yamlValue,
};

const more = {
  configMap,
  credential,
  dockerConfig,
  existing,
  generated,
  helmRelease,
  helmTests,
  job,
  kustomization,
  manifests,
  object,
  restartWhen,
  secret: kubeSecret,
};

/** What is in a cluster. */
export const k8s: typeof kinds & typeof more = { ...kinds, ...more };

/** What is in a Keycloak. */
export const keycloak = {
  client,
  clientRole,
  clientScope,
  group: keycloakGroup,
  protocolMapper,
  realm,
  realmRole,
  user: keycloakUser,
};

/** What a GitHub knows of repositories. */
export const github = { deployKey, webhook };

/** What is in a Harbor. */
export const harbor = { project, robotAccount };

/** What Argo Workflows and Argo CD run in a cluster. */
export const argo = { application, cronWorkflow, workflow, workflowTemplate };

/** What is in repositories of Git hosts. */
export const git = { contents };

/** What is in a devpi-server. */
export const devpi = { index, user: devpiUser };

/** What is in registries of images. */
export const registry = { image };

/** Certificates from a local authority, kept in TLS Secrets. */
export const tls = { authority, certificate };

/** Keys for SSH, kept in Secrets. */
export const ssh = { keyPair: sshKeyPair };

export * as T from 'typebox';
export { type Deferred, derive, type Input, type Inputs, text } from './model/deferred.ts';
export { CairnError, problem } from './model/diagnostic.ts';
export type { HostReader, HostWriter } from './model/host.ts';
export type { HttpRequest, HttpResponse } from './model/http.ts';
export { initially } from './model/initially.ts';
export type { KubeReader, KubeWriter } from './model/kube.ts';
export type { WorldReader, WorldWriter } from './model/ports.ts';
export { json, type More, type Resource, type ResourceType, resourceType } from './model/resource.ts';
export { secret } from './model/role.ts';
export { Secret } from './model/secret.ts';
export { type Checks, keep, type Probes, restore, rollback, type Step, step, type Undo } from './model/step.ts';
export { type Rendered, type Role, role, type VarsOf } from './render/role.ts';
export { type ActionSpec, action } from './resources/world/action.ts';
export { type GateSpec, gate } from './resources/world/gate.ts';
export { type ProbeSpec, probe } from './resources/world/probe.ts';
export { type RequirementSpec, requirement, type Unmet } from './resources/world/requirement.ts';
