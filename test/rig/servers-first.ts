import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts with the files that start servers. Vitest takes large files for slow ones, but a file that hands a whole
 * contract to a real Keycloak has three lines: begun last, it ran alone for two minutes.
 */
export default class ServersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    const isReal = ({ moduleId }: TestSpecification): boolean => /\breal\.test\.ts$/.test(moduleId);
    return [...usual.filter(isReal), ...usual.filter((file) => !isReal(file))];
  }
}
