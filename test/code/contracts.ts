import { AbiCoder, getBytes } from "ethers";
import { compileSolidity, type SolcOutput } from "../../tools/solc.js";

/** Contracts that exercise what reading, linking and deploying have to get right. */
export const SOURCES = {
  "src/Fees.sol": `
    pragma solidity ^0.8.20;
    library Fees {
      function take(uint256 amount) external pure returns (uint256) { return amount / 100; }
    }`,
  "src/other/Fees.sol": `
    pragma solidity ^0.8.20;
    library Fees {
      function take(uint256 amount) external pure returns (uint256) { return amount / 50; }
    }`,
  "src/Vault.sol": `
    pragma solidity ^0.8.20;
    import "./Fees.sol";
    contract Vault {
      uint256 public total;
      function fee(uint256 amount) external pure returns (uint256) { return Fees.take(amount); }
    }`,
  "src/Twice.sol": `
    pragma solidity ^0.8.20;
    import { Fees as A } from "./Fees.sol";
    import { Fees as B } from "./other/Fees.sol";
    contract Twice {
      function fee(uint256 amount) external pure returns (uint256) { return A.take(amount) + B.take(amount); }
    }`,
  "src/Immutables.sol": `
    pragma solidity ^0.8.20;
    interface IToken { function decimals() external view returns (uint8); }
    contract Immutables {
      address public immutable self = address(this);
      uint256 public immutable limit;
      constructor(uint256 limit_) payable { require(limit_ > 0, "limit is zero"); limit = limit_; }
    }
    contract Deployer { address public immutable owner = msg.sender; }
    contract ChainBound { uint256 public immutable chain = block.chainid; }
    contract Timestamped { uint256 public immutable born = block.timestamp; }
    contract Recorded { uint256 public born = block.timestamp; }
    contract External { uint8 public immutable decimals = IToken(address(1)).decimals(); }
    contract Panics { uint256 public immutable n = uint256(1) / total(); function total() internal view returns (uint256) { return address(this).balance; } }
    contract Refuses { error Refused(uint256 code); constructor() { revert Refused(7); } }
    contract Factory { address public immutable child = address(new Child()); }
    contract Child { uint256 public number = 1; }
    contract Invalid { constructor() { assembly { invalid() } } }`,
};

let compiled: SolcOutput | undefined;

/** The contracts above, compiled once a test file. */
export function compileContracts(): SolcOutput {
  compiled ??= compileSolidity({ sources: SOURCES });
  return compiled;
}

/** Creation code with ABI-encoded constructor arguments. */
export function withArguments(creationCode: Uint8Array, types: string[], values: unknown[]): Uint8Array {
  return Uint8Array.of(...creationCode, ...getBytes(AbiCoder.defaultAbiCoder().encode(types, values)));
}
