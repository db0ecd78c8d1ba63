import type { Source } from '../../model/diagnostic.ts';
import type { Endpoints } from '../../model/endpoint.ts';
import type { ClusterTarget, HostTarget, StepInstance } from '../../model/project.ts';
import type { Step } from '../../model/step.ts';
import type { Groups } from '../inventory/groups.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Layers } from '../inventory/layers.ts';
import { clusterOf, endpointsOf, hostsOf, hostTarget } from '../inventory/targets.ts';
import { stepVars } from '../vars/step-vars.ts';
import type { Values } from '../vars/values.ts';
import type { Files } from '../yaml/files.ts';
import type { Component } from './playbook.ts';
import { chooseSteps } from './step-choice.ts';
import { exportPlace, importStep, type StepFile } from './step-files.ts';
import { checkUnplaced } from './unplaced.ts';

/** A component with its steps loaded. */
export interface LoadedComponent {
  readonly component: Component;
  readonly steps: readonly { readonly file: StepFile; readonly step: Step }[];
}

/** Finds and loads the steps of components. */
export async function loadSteps(files: Files, components: readonly Component[]): Promise<readonly LoadedComponent[]> {
  const loaded: LoadedComponent[] = [];
  for (const component of components) {
    const found = await Promise.all(
      chooseSteps(files, component).map(async (file) => ({ file, step: await importStep(files, file) })),
    );
    loaded.push({ component, steps: found.flatMap(({ file, step }) => (step ? [{ file, step }] : [])) });
  }
  return loaded;
}

/** A step on a target, and where its variables came from. */
export interface Placed {
  readonly instance: StepInstance;
  readonly file: StepFile;
  readonly values: Values;
}

interface World {
  readonly files: Files;
  readonly inventory: Inventory;
  readonly groups: Groups;
  readonly layers: Layers;
}

/** Every step of a component on every target of it, with its variables. What is wrong is noted and left out. */
export function placeSteps(world: World, { component, steps }: LoadedComponent): readonly Placed[] {
  const { files, inventory, groups, layers } = world;
  const cluster = clusterOf(files, inventory, component);
  const onHosts = steps.some(({ step }) => step.on === 'hosts');
  const names = hostsOf(files, inventory, groups, component);
  const hosts = onHosts ? names.flatMap((name) => hostTarget(files, inventory, layers, name, component) ?? []) : [];
  checkTargets(
    files,
    component,
    steps.map(({ step }) => step),
  );
  const targetsOf = ({ on }: Step): readonly (ClusterTarget | HostTarget)[] =>
    on === 'hosts' ? hosts : cluster ? [cluster] : [];
  const unplaced = steps.filter(({ step }) => targetsOf(step).length === 0);
  checkUnplaced(
    files,
    world,
    component,
    unplaced.map(({ step }) => step),
  );
  const placer = new Placer(world, component, { cluster, endpoints: endpointsOf(files, inventory, component) });
  return steps.flatMap(({ file, step }) => {
    const placed = { file, step, source: exportPlace(files, file) };
    return targetsOf(step).flatMap((target) => placer.place(placed, target) ?? []);
  });
}

function checkTargets(files: Files, { name, source, cluster, hosts }: Component, steps: readonly Step[]): void {
  if (!cluster && steps.some(({ on }) => on === 'cluster')) {
    files.problems.error(
      'no-cluster',
      `the component "${name}" needs a cluster`,
      source,
      'add cluster: NAME, from clusters.yaml',
    );
  }
  if (!hosts && steps.some(({ on }) => on === 'hosts')) {
    files.problems.error(
      'no-hosts',
      `the component "${name}" needs hosts`,
      source,
      'add hosts: PATTERN, as in hosts: all',
    );
  }
}

interface Unplaced {
  readonly file: StepFile;
  readonly step: Step;
  readonly source: Source;
}

/** What all steps of a component share. */
type Served = { readonly cluster: ClusterTarget | undefined; readonly endpoints: Endpoints };

class Placer {
  readonly #world: World;
  readonly #component: Component;
  readonly #served: Served;
  // Targets that share a tree share the checked variables.
  readonly #checked = new Map<Step, Map<Values, Record<string, unknown> | null>>();

  constructor(world: World, component: Component, served: Served) {
    this.#world = world;
    this.#component = component;
    this.#served = served;
  }

  place({ file, step, source }: Unplaced, target: ClusterTarget | HostTarget): Placed | null {
    const { layers } = this.#world;
    const values =
      target.kind === 'host'
        ? layers.ofHost(target.name, this.#component)
        : layers.ofCluster(target.name, this.#component);
    const vars = this.#vars(step, values);
    if (!vars) return null;
    const { serial, maxFailures } = this.#component;
    const instance = {
      id: file.id,
      component: file.component,
      number: file.number,
      source,
      step,
      target,
      ...this.#served,
      ...(serial ? { serial } : {}),
      ...(maxFailures === undefined ? {} : { maxFailures }),
      vars,
    };
    return { instance, file, values };
  }

  #vars(step: Step, values: Values): Record<string, unknown> | null {
    const known = this.#checked.get(step)?.get(values);
    if (known !== undefined) return known;
    const { files, inventory } = this.#world;
    const vars = stepVars(files, step.vars, values, { place: this.#component.source, inventory: inventory.shown });
    if (!this.#checked.has(step)) this.#checked.set(step, new Map());
    this.#checked.get(step)?.set(values, vars);
    return vars;
  }
}
