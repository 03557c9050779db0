// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {Field} from "./Field.sol";

/**
 * @dev Binds the code that really stands at an address to the code inside a patch commitment (protocol.md section 8).
 *
 * The code's 31-byte chunks are the coefficients of P(X) = byteLength + sum of chunk_i X^(i+1) over the BN254 scalar
 * field. Its value at one point that nobody can choose stands for the whole code: two different codes agree at a random
 * point with probability at most 793 / 2^248.
 */
library CodeBinding {
    /// @dev Largest deployed code (EIP-170), and the most that the bind circuit holds.
    uint256 internal constant MAX_CODE_LENGTH = 24_576;

    uint256 private constant POINT_TAG = uint160(bytes20("sealpatch.bind.point"));

    /// @dev `implementation` has `length` bytes of code: none, or more than the bind circuit holds.
    error CodeBindingLength(address implementation, uint256 length);

    /**
     * @dev The evaluation point z. It hangs on the real code and on C, both of which are fixed before z exists.
     * It never comes from calldata: at z = 0 any two codes of one length agree.
     */
    function pointOf(uint256 commitment, bytes32 codehash) internal pure returns (uint256) {
        return Field.keccak248(abi.encode(POINT_TAG, commitment, codehash));
    }

    /**
     * @dev P(z) of the code at `implementation`.
     * @param z below 2^248, from {pointOf}
     */
    function evaluate(address implementation, uint256 z) internal view returns (uint256 y) {
        uint256 length = implementation.code.length;
        if (length == 0 || length > MAX_CODE_LENGTH) revert CodeBindingLength(implementation, length);

        uint256 order = Field.ORDER;
        assembly ("memory-safe") {
            let start := mload(0x40)
            extcodecopy(implementation, start, 0, length)
            // The last chunk is padded with zeros on the right; memory behind the free pointer may be dirty.
            mstore(add(start, length), 0)

            // Horner from the last chunk to the first. mulmod is below 2^254 and a chunk below 2^248: add cannot
            // overflow, and the next mulmod reduces.
            let chunks := div(add(length, 30), 31)
            let cursor := add(start, mul(chunks, 31))
            for { let blocks := sub(cursor, mul(mod(chunks, 8), 31)) } gt(cursor, blocks) {} {
                cursor := sub(cursor, 31)
                y := add(mulmod(y, z, order), shr(8, mload(cursor)))
            }
            // Eight chunks a round, which halves the gas of the loop.
            for {} gt(cursor, start) {} {
                cursor := sub(cursor, 248)
                y := add(mulmod(y, z, order), shr(8, mload(add(cursor, 217))))
                y := add(mulmod(y, z, order), shr(8, mload(add(cursor, 186))))
                y := add(mulmod(y, z, order), shr(8, mload(add(cursor, 155))))
                y := add(mulmod(y, z, order), shr(8, mload(add(cursor, 124))))
                y := add(mulmod(y, z, order), shr(8, mload(add(cursor, 93))))
                y := add(mulmod(y, z, order), shr(8, mload(add(cursor, 62))))
                y := add(mulmod(y, z, order), shr(8, mload(add(cursor, 31))))
                y := add(mulmod(y, z, order), shr(8, mload(cursor)))
            }
            y := addmod(mulmod(y, z, order), length, order)
        }
    }
}
