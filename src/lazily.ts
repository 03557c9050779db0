/** Makes something when it is first asked for, and once: what takes long to load costs nothing to those who never use it. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
