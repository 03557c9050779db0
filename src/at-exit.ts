const undone = new Set<() => void>();

/**
 * Takes back what is under way where the process ends before it is done: a scratch file, a lock, a child. A process that is killed
 * outright runs none of it.
 * @param undo does its work before it returns, and throws nothing that matters.
 * @returns what to call once it is done.
 */
export function atExit(undo: () => void): () => void {
  if (undone.size === 0) process.once("exit", undoAll);
  undone.add(undo);
  return () => {
    undone.delete(undo);
    if (undone.size === 0) process.removeListener("exit", undoAll);
  };
}

function undoAll(): void {
  for (const undo of undone)
    try {
      undo();
    } catch {
      // The others are undone all the same.
    }
}
