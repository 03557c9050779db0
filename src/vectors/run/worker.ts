// A worker process: runs the vectors that it is sent, one after the other, until its parent lets go of it.
import { SealpatchError } from "../../errors.js";
import { runTask, type SetRun } from "./tasks.js";
import type { ErrorParts, WorkerAnswer, WorkerRequest } from "./workers.js";

let runs: readonly SetRun[] = [];
const answer = (message: WorkerAnswer) => process.send!(message);

process.on("message", (request: WorkerRequest) => {
  if ("runs" in request) {
    runs = request.runs;
    return;
  }
  runTask(runs, request.task).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ error: partsOf(error) }),
  );
});
answer("ready");

function partsOf(error: unknown): ErrorParts {
  // Anything else is a fault of this program: it ends the process.
  if (!(error instanceof SealpatchError)) throw error;
  const { code, message, why, remedy, details } = error;
  return { code, message, why, remedy, details };
}
