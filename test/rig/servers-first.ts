import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Real servers, then the program as people start it and what waits for shells, hosts and clocks, then all others.
const slowest = [/\breal\.test\.ts$/, /\/test\/(?:peers|cli|three-hosts|connect|contract\/host)\//, /./];

/**
 * Starts with the files that start servers. Vitest takes large files for slow ones, but a file that hands a whole
 * contract to a real Keycloak has three lines: begun last, it ran alone for two minutes.
 */
export default class ServersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    const place = ({ moduleId }: TestSpecification): number => slowest.findIndex((name) => name.test(moduleId));
    return usual.toSorted((a, b) => place(a) - place(b));
  }
}
