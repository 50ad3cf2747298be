/**
 * Plain data of Python. Lists and tuples are arrays; dictionaries are Maps, so that a key such as `__proto__` is only
 * a key; whole numbers beyond 2^53 are bigints.
 */
export type PickleKey = null | boolean | number | bigint | string;
export type PickleValue = PickleKey | Uint8Array | PickleValue[] | Map<PickleKey, PickleValue>;
