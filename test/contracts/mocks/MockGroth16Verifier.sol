// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IGroth16Verifier} from "../../../contracts/interfaces/IGroth16Verifier.sol";

/**
 * @dev Stands in for either verifier that snarkjs generates. It accepts exactly the public signals that it was told, with
 * any proof but the zero one.
 */
contract MockGroth16Verifier is IGroth16Verifier {
    mapping(bytes32 signals => bool) public accepted;

    function accept(uint256[7] memory signals) external {
        accepted[keccak256(abi.encode(signals))] = true;
    }

    function refuse(uint256[7] memory signals) external {
        accepted[keccak256(abi.encode(signals))] = false;
    }

    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[7] calldata signals
    ) external view returns (bool) {
        return _notZero(a, b, c) && accepted[keccak256(abi.encode(signals))];
    }

    function _notZero(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c
    ) private pure returns (bool) {
        return a[0] | a[1] | b[0][0] | b[0][1] | b[1][0] | b[1][1] | c[0] | c[1] != 0;
    }
}
