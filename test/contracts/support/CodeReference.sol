// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @dev P(z) straight from its definition: chunk by chunk, byte by byte, ascending powers.
library CodeReference {
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    function evaluate(bytes memory code, uint256 z) internal pure returns (uint256 y) {
        y = code.length;
        uint256 power = z;
        for (uint256 start = 0; start < code.length; start += 31) {
            uint256 chunk = 0;
            for (uint256 i = 0; i < 31; ++i) {
                chunk = (chunk << 8) | (start + i < code.length ? uint8(code[start + i]) : 0);
            }
            y = addmod(y, mulmod(chunk, power, R), R);
            power = mulmod(power, z, R);
        }
    }

    function point(uint256 commitment, bytes32 codehash) internal pure returns (uint256) {
        uint256 tag = 0;
        bytes memory name = "sealpatch.bind.point";
        for (uint256 i = 0; i < name.length; ++i) {
            tag = (tag << 8) | uint8(name[i]);
        }
        return uint256(keccak256(abi.encode(tag, commitment, codehash))) >> 8;
    }
}
