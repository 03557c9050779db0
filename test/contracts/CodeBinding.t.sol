// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {CodeBinding} from "../../contracts/libraries/CodeBinding.sol";
import {CodeReference} from "./support/CodeReference.sol";
import {TestBase} from "./support/TestBase.sol";

contract CodeBindingHarness {
    function evaluate(address implementation, uint256 z) external view returns (uint256) {
        return CodeBinding.evaluate(implementation, z);
    }

    /// @dev The same with rubbish behind the free memory pointer.
    function evaluateDirty(address implementation, uint256 z) external view returns (uint256) {
        uint256 size = implementation.code.length + 64;
        assembly ("memory-safe") {
            let free := mload(0x40)
            for { let i := 0 } lt(i, size) { i := add(i, 32) } { mstore(add(free, i), not(0)) }
        }
        return CodeBinding.evaluate(implementation, z);
    }
}

contract CodeBindingTest is TestBase {
    address internal constant CODE = address(0xC0DE);
    // keccak248(abi.encode(TAG("sealpatch.bind.point"), 12345, keccak256(0x6001))), made by src/field.
    uint256 internal constant POINT = 859765711694355952361136879522899294433255393246658784791843747131998308;

    CodeBindingHarness internal harness = new CodeBindingHarness();

    function _pattern(uint256 length) internal pure returns (bytes memory code) {
        code = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            code[i] = bytes1(uint8((i * 7 + 13) % 251));
        }
    }

    function _evaluate(bytes memory code, uint256 z) internal returns (uint256) {
        vm.etch(CODE, code);
        return harness.evaluate(CODE, z);
    }

    function test_P04_pointMatchesTheTypeScriptReference() public pure {
        vm.assertEq(CodeBinding.pointOf(12345, keccak256(hex"6001")), POINT);
        vm.assertEq(CodeReference.point(12345, keccak256(hex"6001")), POINT);
    }

    function test_P04_evaluationMatchesTheTypeScriptReference() public {
        // [length, P(POINT)] of the bytes (7 i + 13) mod 251, made by src/field.
        uint256[2][7] memory vectors = [
            [uint256(1), 11581276386810641262746092262168006617961356693718812131055887046013642318833],
            [uint256(31), 15005254732255435862919118850370966205894465744179525483618647154424424906045],
            [uint256(32), 12014167976593205171250752643546949605695316175350108987060716936009716672647],
            [uint256(248), 19822060369672207166246402973561200241533478875956171224265849255906987761067],
            [uint256(249), 7438918298753946219659124241284811010291619988334270147532521934397927578680],
            [uint256(1000), 4121344605192134666300734910027551522536755615764965568811763217238101774907],
            [uint256(24_576), 12407725651404623723353768304237548335151818214622269587408591688914316737386]
        ];
        for (uint256 i = 0; i < vectors.length; ++i) {
            vm.assertEq(_evaluate(_pattern(vectors[i][0]), POINT), vectors[i][1]);
        }
    }

    function test_P04_everyLengthAroundChunksAndBlocksMatchesTheDefinition() public {
        for (uint256 length = 1; length <= 520; ++length) {
            bytes memory code = _pattern(length);
            vm.assertEq(_evaluate(code, POINT), CodeReference.evaluate(code, POINT), vm.toString(length));
        }
    }

    function testFuzz_P04_evaluationMatchesTheDefinition(bytes memory code, uint256 z) public {
        vm.assume(code.length != 0);
        // Nothing may be deployed that starts with 0xef, and forge reads some of it as a delegation.
        vm.assume(code[0] != 0xef);
        z = z >> 8;
        vm.assertEq(_evaluate(code, z), CodeReference.evaluate(code, z));
        vm.assertEq(harness.evaluateDirty(CODE, z), CodeReference.evaluate(code, z));
    }

    function test_P04_memoryBehindTheCodeDoesNotMatter() public {
        for (uint256 length = 1; length <= 70; ++length) {
            bytes memory code = _pattern(length);
            vm.etch(CODE, code);
            vm.assertEq(harness.evaluateDirty(CODE, POINT), CodeReference.evaluate(code, POINT), vm.toString(length));
        }
    }

    function testFuzz_P04_T05_oneBitOfTheCodeChangesTheValue(uint256 bit) public {
        bytes memory code = _pattern(700);
        uint256 before = _evaluate(code, POINT);
        bit = _bound(bit, 0, 8 * code.length - 1);
        code[bit / 8] = code[bit / 8] ^ bytes1(uint8(1 << (bit % 8)));
        vm.assertNotEq(_evaluate(code, POINT), before);
    }

    function testFuzz_P04_T05_trailingZerosChangeTheValue(uint256 length, uint256 zeros) public {
        length = _bound(length, 1, 300);
        zeros = _bound(zeros, 1, 64);
        bytes memory code = _pattern(length);
        vm.assertNotEq(_evaluate(bytes.concat(code, new bytes(zeros)), POINT), _evaluate(code, POINT));
    }

    function test_P04_largestElementsDoNotOverflow() public {
        bytes memory code = new bytes(24_576);
        for (uint256 i = 0; i < code.length; ++i) {
            code[i] = i == 0 ? bytes1(0xfe) : bytes1(0xff);
        }
        uint256 z = type(uint256).max >> 8;
        vm.assertEq(_evaluate(code, z), CodeReference.evaluate(code, z));
    }

    function test_P04_codeOfNoLengthIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(CodeBinding.CodeBindingLength.selector, CODE, 0));
        harness.evaluate(CODE, POINT);
    }

    function test_P04_codeAboveTheCircuitsLimitIsRefused() public {
        vm.etch(CODE, _pattern(24_577));
        vm.expectRevert(abi.encodeWithSelector(CodeBinding.CodeBindingLength.selector, CODE, 24_577));
        harness.evaluate(CODE, POINT);
    }
}
