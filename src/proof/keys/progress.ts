/** How far a long operation is: its present stage, and the part of that stage that is done (0 to 1). */
export interface Progress {
  readonly stage: string;
  readonly fraction: number;
}

export type OnProgress = (progress: Progress) => void;
