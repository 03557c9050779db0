// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {LaneFixture} from "./support/LaneFixture.sol";
import {Vm} from "./support/TestBase.sol";

/// @dev A target that both timelocks may call, with all endings a call can have.
contract SlowTarget {
    uint256 public received;
    bytes32 public last;

    error Refused(uint256 reason);

    function work(bytes32 word) external payable returns (bytes32) {
        received += msg.value;
        last = word;
        return word;
    }

    function refuse(uint256 reason) external pure {
        revert Refused(reason);
    }

    function silent() external pure {
        assembly ("memory-safe") {
            revert(0, 0)
        }
    }
}

/// @dev P08: the same random calls go to an original TimelockController and to this one, call by call.
contract SlowPathTest is LaneFixture {
    TimelockController internal original;
    SlowTarget internal target;
    address[6] internal actors;
    // The salt: operations come back after they are done; zero among them.
    uint256 internal round;
    uint256 internal done;
    uint256 internal failed;

    function setUp() public override {
        super.setUp();
        original = new TimelockController(SLOW_DELAY, _list(proposer), _list(executor), address(0));
        target = new SlowTarget();
        actors = [proposer, executor, guardian, council, stranger, address(0)];
        vm.deal(address(original), 10 ether);
        vm.deal(address(slow), 10 ether);
        for (uint256 i = 0; i < 5; ++i) {
            vm.deal(actors[i], 10 ether);
        }
    }

    struct Operation {
        address[] targets;
        uint256[] values;
        bytes[] payloads;
        bytes32 predecessor;
        bytes32 salt;
    }

    /// @dev One of a few operations, so that the same ones are scheduled, cancelled and executed again and again.
    function _operation(TimelockController timelock, uint256 index) internal view returns (Operation memory operation) {
        uint256 length = index % 3;
        operation.targets = new address[](length);
        operation.values = new uint256[](length);
        operation.payloads = new bytes[](length);
        for (uint256 i = 0; i < length; ++i) {
            (operation.targets[i], operation.values[i], operation.payloads[i]) = _call(timelock, index + i);
        }
        operation.predecessor = index % 4 == 0 && index != 0 ? _id(timelock, index - 1, false) : bytes32(0);
        operation.salt = bytes32(round);
    }

    function _call(TimelockController timelock, uint256 index) internal view returns (address, uint256, bytes memory) {
        uint256 kind = index % 8;
        if (kind == 0) return (address(target), 1, abi.encodeCall(SlowTarget.work, (bytes32(index))));
        if (kind == 1) return (address(target), 0, abi.encodeCall(SlowTarget.refuse, (index)));
        if (kind == 2) return (address(target), 0, abi.encodeCall(SlowTarget.silent, ()));
        if (kind == 3) {
            return (address(timelock), 0, abi.encodeCall(TimelockController.updateDelay, (index * 1 hours)));
        }
        if (kind == 4) {
            return
                (address(timelock), 0, abi.encodeCall(IAccessControl.grantRole, (keccak256("PROPOSER_ROLE"), stranger)));
        }
        if (kind == 5) return (address(target), 100 ether, "");
        if (kind == 6) return (stranger, 1, hex"3659cfe6");
        // The selectors that the lane watches, on an address that nobody registered.
        return (address(target), 0, abi.encodeWithSignature("upgradeTo(address)", address(this)));
    }

    function _id(TimelockController timelock, uint256 index, bool batch) internal view returns (bytes32) {
        Operation memory o = _operation(timelock, index);
        if (batch) return timelock.hashOperationBatch(o.targets, o.values, o.payloads, o.predecessor, o.salt);
        (address to, uint256 value, bytes memory data) = _call(timelock, index);
        return timelock.hashOperation(to, value, data, o.predecessor, o.salt);
    }

    function _encode(TimelockController timelock, uint256 step) internal view returns (bytes memory) {
        uint256 index = _index(step);
        uint256 delay = (step >> 32) % 4 == 0 ? SLOW_DELAY - 1 : SLOW_DELAY + (step >> 40) % 1 days;
        bool batch = (uint16(step >> 16) / 9) % 2 == 0;
        Operation memory o = _operation(timelock, index);
        (address to, uint256 value, bytes memory data) = _call(timelock, index);
        uint256 kind = step % 8;
        if (kind <= 1 && batch) {
            return abi.encodeCall(
                TimelockController.scheduleBatch, (o.targets, o.values, o.payloads, o.predecessor, o.salt, delay)
            );
        }
        if (kind <= 1) {
            return abi.encodeWithSignature(
                "schedule(address,uint256,bytes,bytes32,bytes32,uint256)", to, value, data, o.predecessor, o.salt, delay
            );
        }
        if (kind <= 4 && batch) {
            return abi.encodeWithSignature(
                "executeBatch(address[],uint256[],bytes[],bytes32,bytes32)",
                o.targets,
                o.values,
                o.payloads,
                o.predecessor,
                o.salt
            );
        }
        if (kind <= 4) {
            return abi.encodeWithSignature(
                "execute(address,uint256,bytes,bytes32,bytes32)", to, value, data, o.predecessor, o.salt
            );
        }
        if (kind == 5) return abi.encodeCall(TimelockController.cancel, (_id(timelock, index, batch)));
        if (kind == 6) return abi.encodeCall(TimelockController.updateDelay, (delay));
        // Lists of unequal length.
        return abi.encodeCall(
            TimelockController.scheduleBatch,
            (new address[](1), new uint256[](2), new bytes[](1), o.predecessor, o.salt, delay)
        );
    }

    /// @dev The words by which a timelock's own address gets into what an observer sees.
    function _words(TimelockController timelock, uint256 index) internal view returns (bytes32[] memory words) {
        words = new bytes32[](4);
        words[0] = bytes32(uint256(uint160(address(timelock))));
        words[1] = _id(timelock, index, false);
        words[2] = _id(timelock, index, true);
        words[3] = index == 0 ? bytes32(0) : _id(timelock, index - 1, false);
    }

    /// @dev Hash of `data` with the n-th of `words` replaced by n + 1, wherever it stands.
    function _neutral(bytes memory data, bytes32[] memory words) internal pure returns (bytes32 digest) {
        for (uint256 n = 0; n < words.length; ++n) {
            bytes32 word = words[n];
            if (word == 0) continue;
            assembly ("memory-safe") {
                let end := add(data, mload(data))
                for { let at := add(data, 32) } iszero(gt(at, end)) { at := add(at, 1) } {
                    if eq(mload(at), word) { mstore(at, add(n, 1)) }
                }
            }
        }
        return keccak256(data);
    }

    function _neutralLogs(TimelockController timelock, bytes32[] memory words) internal returns (bytes32 digest) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            bool own = logs[i].emitter == address(timelock);
            bytes memory all = abi.encodePacked(logs[i].topics, logs[i].data);
            digest = keccak256(abi.encode(digest, own, _neutral(all, words)));
        }
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_P08_theSlowPathBehavesAsTheOriginal(uint256[40] memory steps) public {
        for (uint256 i = 0; i < steps.length; ++i) {
            this.take(steps[i]);
        }
    }

    /// @dev A walk through the life of every operation, single and batched: what the random steps rarely complete.
    function test_P08_everyLifeOfAnOperation() public {
        for (uint256 i = 0; i < 54; ++i) {
            // The single operations first: some batches wait for them.
            uint256 operation = (i + 9) % 18;
            round = i / 18;
            _script(0, operation, true, true, false); // scheduled with too short a delay
            _script(0, operation, false, false, false); // by somebody
            _script(0, operation, false, true, false);
            _script(1, operation, false, true, false); // again
            if (i % 7 == 3) _script(5, operation, false, true, false); // cancelled
            _script(2, operation, false, true, true); // executed too early; then days pass
            _script(3, operation, false, false, false); // by somebody
            _script(4, operation, false, true, false);
            _script(4, operation, false, true, false); // again
            _script(5, operation, false, true, false); // cancelled too late
            _script(6 + i % 2, operation, false, true, false);
        }
        // The comparison is worth nothing where nothing happens.
        vm.assertTrue(done > 12, "operations executed");
        vm.assertTrue(failed > 200, "calls refused");
        vm.assertTrue(slow.hasRole(keccak256("PROPOSER_ROLE"), stranger), "a role granted");
        vm.assertTrue(slow.getMinDelay() != SLOW_DELAY, "the delay changed");
    }

    /// @dev A die that {take} reads as the given choice.
    function _script(uint256 kind, uint256 operation, bool short, bool byWhoMay, bool wait) internal {
        uint256 dice = kind | (operation << 16) | (1 << 72) | (3 days << 88);
        if (!short) dice |= 1 << 32;
        if (!wait) dice |= 1 << 80;
        if (!byWhoMay) dice |= 1 << 128;
        this.take(dice);
    }

    /// @dev One call to both, and the comparison. External, so that its memory is free again afterwards.
    function take(uint256 dice) external {
        address actor = actors[(dice >> 64) % 6];
        // Half of the steps are made by whoever may.
        if ((dice >> 128) % 2 == 0) actor = dice % 8 <= 1 ? proposer : dice % 8 <= 4 ? executor : proposer;
        uint256 value = (dice >> 72) % 8 == 0 ? 1 : 0;
        (bool success, bytes32 answer, bytes32 logs) = _apply(original, dice, actor, value);
        (bool success_, bytes32 answer_, bytes32 logs_) = _apply(slow, dice, actor, value);
        vm.assertEq(success, success_);
        vm.assertEq(answer, answer_, "return data");
        vm.assertEq(logs, logs_, "events");
        _compare(_index(dice));
        if (!success) ++failed;
        else if (dice % 8 >= 2 && dice % 8 <= 4) ++done;
        if ((dice >> 200) % 16 == 1) round = (dice >> 204) % 4;
        // Half of the steps let time pass.
        if ((dice >> 80) % 2 == 0) vm.warp(block.timestamp + (dice >> 88) % (2 * SLOW_DELAY));
    }

    function _index(uint256 step) internal pure returns (uint256) {
        return uint16(step >> 16) % 9;
    }

    function _apply(
        TimelockController timelock,
        uint256 step,
        address actor,
        uint256 value
    ) internal returns (bool success, bytes32 answer, bytes32 logs) {
        bytes memory data = _encode(timelock, step);
        bytes32[] memory words = _words(timelock, _index(step));
        bytes memory returned;
        // Both see the same balances outside.
        uint256 before = actor.balance;
        vm.recordLogs();
        vm.prank(actor);
        (success, returned) = address(timelock).call{value: value}(data);
        vm.deal(actor, before);
        logs = _neutralLogs(timelock, words);
        answer = _neutral(returned, words);
    }

    function _compare(uint256 index) internal view {
        vm.assertEq(original.getMinDelay(), slow.getMinDelay());
        vm.assertEq(address(original).balance, address(slow).balance);
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 id = _id(original, index, i == 0);
            bytes32 id_ = _id(slow, index, i == 0);
            vm.assertEq(original.getTimestamp(id), slow.getTimestamp(id_));
            vm.assertEq(uint256(original.getOperationState(id)), uint256(slow.getOperationState(id_)));
            vm.assertEq(original.isOperation(id), slow.isOperation(id_));
            vm.assertEq(original.isOperationPending(id), slow.isOperationPending(id_));
            vm.assertEq(original.isOperationReady(id), slow.isOperationReady(id_));
            vm.assertEq(original.isOperationDone(id), slow.isOperationDone(id_));
        }
        bytes32 role = keccak256("PROPOSER_ROLE");
        vm.assertEq(original.hasRole(role, stranger), slow.hasRole(role, stranger));
    }

    function testFuzz_P08_supportsTheSameInterfaces(bytes4 interfaceId) public view {
        vm.assertEq(original.supportsInterface(interfaceId), slow.supportsInterface(interfaceId));
        vm.assertTrue(slow.supportsInterface(0x01ffc9a7));
        vm.assertTrue(slow.supportsInterface(0x4e2312e0));
        vm.assertTrue(slow.supportsInterface(type(IAccessControl).interfaceId));
    }

    function test_P08_itHoldsEtherAndTokensAsTheOriginalDoes() public {
        vm.deal(address(this), 1 ether);
        (bool success,) = address(slow).call{value: 1}("");
        vm.assertTrue(success);
        vm.assertEq(
            bytes32(slow.onERC721Received(address(0), address(0), 0, "")),
            bytes32(original.onERC721Received(address(0), address(0), 0, ""))
        );
        vm.assertEq(
            bytes32(slow.onERC1155Received(address(0), address(0), 0, 0, "")),
            bytes32(original.onERC1155Received(address(0), address(0), 0, 0, ""))
        );
    }
}
