// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {RecordedCalls, RECORDING_VM} from "sealpatch/foundry/RecordedCalls.sol";
import {Probe, Proxy} from "vectors/Probe.sol";

interface Vm {
    function prank(address sender) external;
    function startPrank(address sender, address origin) external;
    function stopPrank() external;
    function expectRevert(bytes calldata data) external;
    function expectEmit() external;
    function warp(uint256 timestamp) external;
    function roll(uint256 number) external;
    function deal(address account, uint256 balance) external;
    function store(address account, bytes32 slot, bytes32 value) external;
}

/// @notice A suite as a user writes it: cheat codes in every place, and one line that records its calls.
contract ProbeCallsTest is RecordedCalls {
    event Seen(uint256 indexed slot, uint256 value);

    Vm private constant vm = Vm(address(RECORDING_VM));
    address private constant ALICE = 0xa11ce00000000000000000000000000000000001;
    address private constant BOB = 0xb0b0000000000000000000000000000000000002;
    bytes private constant INIT_CODE = hex"69602a60005260206000f3600052600a6016f3";

    address private proxy;
    Probe private probe;

    function setUp() public {
        proxy = address(new Proxy{value: 5 ether}(address(new Probe())));
        Probe(payable(proxy)).store(3, 33);
        probe = Probe(payable(recorded("probe", proxy)));
        vm.deal(ALICE, 1 ether);
    }

    function test_calls() public {
        vm.prank(ALICE);
        probe.store{value: 7}(1, 2);
        require(ALICE.balance == 1 ether - 7 && proxy.balance == 5 ether + 7, "value");
        require(probe.load(1) == 2 && probe.load(3) == 33, "storage");
        vm.expectRevert(hex"1234");
        probe.fail(1, 9, hex"1234");
        vm.expectEmit();
        emit Seen(1, 0);
        probe.store(1, 0);
        vm.store(proxy, bytes32(uint256(8)), bytes32(uint256(88)));
        require(probe.load(8) == 88, "store");
        vm.warp(5000);
        vm.roll(70);
        vm.startPrank(ALICE, BOB);
        (address sender, address origin, uint256 time, uint256 number,,,,,) = probe.surroundings();
        require(sender == ALICE && origin == BOB && time == 5000 && number == 70, "surroundings");
        probe.forward(BOB, 3, "");
        vm.stopPrank();
        require(BOB.balance == 3, "forwarded");
        (bool done,) = probe.forward(proxy, 1, abi.encodeCall(Probe.fail, (8, 9, hex"77")));
        require(!done && probe.load(8) == 88, "undone");
        address made = probe.create{value: 5}(INIT_CODE, 1, true);
        require(made.balance == 5 && probe.create(INIT_CODE, 1, true) == address(0), "made");
        (, bytes memory hash) = probe.precompile(2, hex"1234");
        require(bytes32(hash) == sha256(hex"1234"), "precompile");
    }

    function test_through_another_contract() public {
        Probe forwarder = new Probe();
        forwarder = Probe(payable(recorded("forwarder", address(forwarder), proxy)));
        forwarder.forward(proxy, 0, abi.encodeCall(Probe.store, (4, 44)));
        require(probe.load(4) == 44, "stored");
    }

    function test_destroys() public {
        probe.createAndDestroy{value: 1}(payable(BOB));
    }

    function test_calls_back() public {
        probe.forward(address(this), 0, "");
    }

    function test_asks_for_a_block_hash() public {
        vm.roll(70);
        probe.hashOfBlock(69);
    }

    function test_transient() public {
        require(probe.transientOnce(1) == 0 && probe.transientOnce(1) == 1, "transient");
    }

    function test_fails() public {
        probe.store(1, 1);
        require(false, "on purpose");
    }

    function test_calls_nothing() public pure {}

    fallback() external {}
}
