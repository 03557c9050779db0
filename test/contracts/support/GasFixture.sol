// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {LaneFixture, Patch} from "./LaneFixture.sol";

/// @dev Gas that budgets allow for a Groth16 verifier with seven public signals.
uint256 constant GROTH16_VERIFIER = 235_000;

/**
 * @dev Budgets of protocol.md section 9, for an implementation of 24,576 bytes. A suite on it is to be isolated, so that
 * each call is a transaction of its own: cold storage, and the gas of a receipt. The Groth16 verifiers are mocks that cost
 * less than 10,000 gas; the real ones are allowed for in full on top of them (RealProofsTest measures both).
 */
abstract contract GasFixture is LaneFixture {
    uint256 internal constant SCHEDULE_BUDGET = 400_000;
    uint256 internal constant EXECUTE_BUDGET = 460_000;
    uint256 internal constant DISCLOSE_BUDGET = 150_000;
    uint256 internal constant CODE_LIMIT = 24_576;

    /// @dev Keeps the gas of the transaction just made in the snapshot `group`, and says it.
    function _record(string memory group, string memory call_) internal returns (uint256 gas_) {
        gas_ = _lastGas();
        vm.snapshotValue(group, call_, gas_);
    }

    function _lastGas() internal view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    /// @dev Fills real code up to the limit of EIP-170, behind its last instruction.
    function _fill(address implementation) internal {
        bytes memory code = new bytes(CODE_LIMIT);
        bytes memory head = implementation.code;
        for (uint256 i = 0; i < code.length; ++i) {
            code[i] = i < head.length ? head[i] : bytes1(uint8(i * 7));
        }
        vm.etch(implementation, code);
    }

    /// @dev Makes the calldata, and so the gas, independent of the compiler's metadata.
    function _steady(Patch memory patch) internal view returns (Patch memory) {
        patch.secret.codeDigest = uint256(keccak256("code digest")) >> 8;
        patch.opening.codeDigest = patch.secret.codeDigest;
        patch.commitment = patchVerifier.commitmentOf(patch.secret);
        return patch;
    }
}
