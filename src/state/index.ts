export { privateFolder, STATE_FOLDER, type State, withState } from "./folder.js";
export { Journal, type JournalLine, type SignedLine } from "./journal.js";
export { unwritableState } from "./unwritable.js";
