/** Works on all items, at most `limit` at once; answers in the order of the items. Rejects with the first failure. */
export async function sideBySide<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const [i, item] of queue) results[i] = await work(item);
  });
  await Promise.all(workers);
  return results;
}
