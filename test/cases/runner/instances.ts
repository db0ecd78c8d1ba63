import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { throwAll } from '../../../src/model/diagnostic.ts';
import type { StepInstance } from '../../../src/model/project.ts';
import { loadProject } from '../../../src/project/load.ts';
import type { InventoryName } from './case.ts';

const root = join(import.meta.dirname, '../../..');

const playbooks: Readonly<Record<InventoryName, string>> = {
  local: 'playbooks/start.yaml',
  example: 'playbooks/devpi.yaml',
};

/** Steps of a playbook with the values of its inventory, and those of a case over them. */
export async function instancesOf(
  ids: readonly string[],
  vars: Readonly<Record<string, unknown>>,
  inventory: InventoryName = 'local',
): Promise<readonly StepInstance[]> {
  const set = leavesOf(vars);
  const state = mkdtempSync(join(tmpdir(), 'cairn-case-'));
  try {
    const { project, problems } = await loadProject({
      root,
      cwd: root,
      playbook: playbooks[inventory],
      inventory: `inventory/${inventory}`,
      set: [...places, ...set],
      selection: { only: ids, set },
      env: { ...secrets, HOME: '/root', PATH: process.env.PATH ?? '', XDG_STATE_HOME: state },
    });
    throwAll(problems);
    return project?.instances ?? [];
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

// Of inventory/example.
const secrets = Object.fromEntries(
  ['DEVPI_ADMIN_PASSWORD', 'KEYCLOAK_ADMIN_PASSWORD', 'GITHUB_TOKEN', 'HARBOR_PASSWORD'].map((name) => [
    name,
    `${name} of a case`,
  ]),
);

// Where nobody's own folders show.
const places = [
  'kind.cache=/var/cache/cairn',
  'kind.state=/var/lib/cairn/kind',
  'devpi.toolsFolder=/var/cache/cairn/devpi-tools',
  'devpi.passwordFile=/var/lib/cairn/devpi-password',
];

/** `a.b=value` for every leaf, values in YAML. */
function leavesOf(value: unknown, path: readonly string[] = []): readonly string[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  return [`${path.join('.')}=${JSON.stringify(value)}`];
}
