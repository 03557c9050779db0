// What runs a solc from npm. CommonJS, because Node runs it as it stands, in the sources as in the package: as a process
// of its own for `compile.ts`, as the native compiler that forge expects (tools/solc-shim.cjs), or in the caller's process.
const { text } = require("node:stream/consumers");
const { setFlagsFromString } = require("node:v8");

/**
 * A solc. Without the listener that it would add to the process: it ends the process where a promise of anybody fails unseen.
 * @param {string} compiler path of the solc package's main module.
 */
function load(compiler) {
  const before = process.listeners("unhandledRejection");
  const solc = require(compiler);
  for (const listener of process.listeners("unhandledRejection"))
    if (!before.includes(listener)) process.removeListener("unhandledRejection", listener);
  return solc;
}

/**
 * What solc answers to standard JSON inputs, in their order, as text, and what it says that it is: both of one module, so that
 * nothing but the compiler that was used is asked for its version.
 * @param {string} compiler as for `load`.
 * @param {readonly object[]} inputs none, where the version alone is asked for.
 * @returns {{ version: string, outputs: string[] }}
 */
function compile(compiler, inputs) {
  const solc = load(compiler);
  return { version: solc.version(), outputs: inputs.map((input) => solc.compile(JSON.stringify(input))) };
}

/**
 * Makes this process a compiler: it reads one standard JSON input, or a list of them, from its input, and writes one output,
 * or the version and the list of outputs. solc's own command line writes notes among the JSON, and takes one input;
 * loading solc takes a second.
 * @param {string} compiler as for `load`.
 */
async function serve(compiler) {
  // V8 would spend more time on optimizing solc's code than most contracts gain by it: the budget lets it optimize what
  // runs long. It ignores flags that it does not know.
  setFlagsFromString("--wasm-tiering-budget=30000000");
  const asked = JSON.parse(await text(process.stdin));
  const { version, outputs } = compile(compiler, [asked].flat());
  process.stdout.write(Array.isArray(asked) ? JSON.stringify({ version, outputs }) : outputs[0]);
}

module.exports = { load, compile, serve };

if (require.main === module) serve(process.argv[2]);
