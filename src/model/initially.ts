/** A value that is set when a thing is made, and belongs to others afterwards. */
export class Initially {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/**
 * Sets a field of an object when it is made, and never again: replicas that an autoscaler owns afterwards. It is neither
 * compared nor taken back; where the object was there before, its value stays.
 */
export function initially<T>(value: T): T {
  return new Initially(value) as unknown as T;
}

/** True where one stands anywhere inside a plain value. */
export function holdsInitially(value: unknown): boolean {
  if (value instanceof Initially) return true;
  if (Array.isArray(value)) return value.some(holdsInitially);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some(holdsInitially);
}
