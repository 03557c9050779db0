/** What a code means and what to do about it, wherever it is thrown: each a sentence, for people. */
export interface ErrorEntry {
  readonly meaning: string;
  readonly remedy: string;
}
