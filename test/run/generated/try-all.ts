import fc from 'fast-check';

/** What came of a generated case: most are worth something, in some there is nothing to hold the engine to. */
export type Tried = 'tried' | 'refused' | 'nothing to try';

/**
 * Tries a property on so many generated cases; the first that breaks it is made small, and thrown with what it takes to try it again.
 * @returns how many came to what
 */
export async function tryAll<T>(
  numRuns: number,
  cases: fc.Arbitrary<T>,
  property: (one: T) => Promise<Tried>,
): Promise<Readonly<Record<Tried, number>>> {
  const counts = { tried: 0, refused: 0, 'nothing to try': 0 };
  const counted = async (one: T): Promise<void> => {
    counts[await property(one)] += 1;
  };
  await fc.assert(fc.asyncProperty(cases, counted), { numRuns });
  return counts;
}
