import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** The last lines of a test run: what was skipped and why (the reason stands in the name), and the sums. */
export default class ClosingLines implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const of = (state: string): readonly TestCase[] => tests.filter((test) => test.result().state === state);
    const skipped = Map.groupBy(of('skipped'), reasonOf);
    if (skipped.size > 0) console.log('\nSkipped:');
    for (const [reason, group] of skipped) console.log(`  ${group.length} × ${reason}`);
    const broken = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests()].length === 0,
    ).length;
    console.log(
      `\n${of('passed').length} passed, ${of('failed').length + broken} failed, ${of('skipped').length} skipped`,
    );
  }
}

// A suite that is skipped whole says why in its name; a single test in its own.
function reasonOf(test: TestCase): string {
  const parts = test.fullName.split(' > ');
  const says = parts.find((part) => /needs|CAIRN_TEST_HOST|not built|only/.test(part));
  return says ?? parts[0] ?? test.fullName;
}
