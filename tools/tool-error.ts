/** An error of a tool that its message explains, remedy included: shown without a stack. The package has `SealpatchError`. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}
