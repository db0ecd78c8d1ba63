import type { PortName } from '../../../src/model/ports.ts';
import type { Declare, ResourceType } from '../../../src/model/resource.ts';

/** The type behind a declaring function. What it gives its images is nobody's business here. */
export function typeOf<Id, Want, Out>(declare: Declare<Id, Want, Out>): ResourceType<'host', Id, Want, unknown, Out> {
  return declare.type as unknown as ResourceType<'host' & PortName, Id, Want, unknown, Out>;
}
