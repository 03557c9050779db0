// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {
    BaselineView,
    Bounds,
    CodeSource,
    Comparison,
    ExecutionOpening,
    Groth16Proof,
    LaneStatus,
    Measure,
    PatchOpening,
    Policy,
    ProxyKind,
    SafetyCheck,
    ScheduleRequest,
    StatementState,
    StatementView
} from "../../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../../contracts/interfaces/IFastTrack.sol";
import {IPatchVerifier} from "../../../contracts/interfaces/IPatchVerifier.sol";
import {Statements} from "../../../contracts/libraries/Statements.sol";
import {MockGroth16Verifier} from "../mocks/MockGroth16Verifier.sol";
import {UUPSVault, UUPSVaultFixed, VaultState} from "../mocks/Vaults.sol";
import {CodeReference} from "./CodeReference.sol";
import {TestBase} from "./TestBase.sol";

/// @dev The roles of a timelock from the start, as the constructor takes them.
struct Roles {
    address[] proposers;
    address[] executors;
    address[] council;
    address[] guardians;
    address admin;
}

/// @dev A sealed patch as its makers know it.
struct Patch {
    uint256 commitment;
    CodeSource code;
    ExecutionOpening opening;
    PatchOpening secret;
    bytes runtime;
    bytes32 group;
}

/// @dev A timelock with one registered UUPS vault, and the work of council, auditors and executor.
abstract contract LaneFixture is TestBase {
    uint256 internal constant R = CodeReference.R;
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant SLOW_DELAY = 2 days;
    uint32 internal constant DELAY = 1 days;
    uint32 internal constant GRACE = 3 days;
    uint32 internal constant DISCLOSURE = 7 days;
    uint256 internal constant AUDITORS = uint256(keccak256("auditors")) >> 8;
    uint256 internal constant VECTORS = uint256(keccak256("vectors")) >> 8;
    uint256 internal constant LAYOUT = uint256(keccak256("layout")) >> 8;
    uint256 internal constant NEW_LAYOUT = uint256(keccak256("new layout")) >> 8;
    uint256 internal constant CODE = uint256(keccak256("code digest of the live code")) >> 8;
    uint64 internal constant MIGRATION_GAS = 1_000_000;

    address internal proposer = vm.addr(1);
    address internal executor = vm.addr(2);
    address internal council = vm.addr(3);
    address internal guardian = vm.addr(4);
    address internal stranger = vm.addr(5);

    MockGroth16Verifier internal groth16;
    IPatchVerifier internal patchVerifier;
    IFastTrack internal lane;
    TimelockController internal slow;
    UUPSVault internal vault;

    function setUp() public virtual {
        vm.warp(START);
        groth16 = new MockGroth16Verifier();
        patchVerifier = _newVerifier("setup");
        lane = _newTimelock();
        slow = TimelockController(payable(address(lane)));
        vault = _newVault();
        _register(address(vault), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(vault)));
    }

    function _newVault() internal returns (UUPSVault) {
        bytes memory setup = abi.encodeCall(VaultState.setPrice, (1));
        return UUPSVault(address(new ERC1967Proxy(address(new UUPSVault(address(lane))), setup)));
    }

    function _newVerifier(string memory setup) internal returns (IPatchVerifier) {
        return IPatchVerifier(
            vm.deployCode("PatchVerifier.sol:PatchVerifier", abi.encode(groth16, groth16, keccak256(bytes(setup))))
        );
    }

    function _newTimelock() internal returns (IFastTrack) {
        return _newTimelock(_roles());
    }

    function _newTimelock(Roles memory roles) internal returns (IFastTrack) {
        return IFastTrack(
            vm.deployCode(
                "FastTrackTimelock.sol:FastTrackTimelock", abi.encode(SLOW_DELAY, roles, patchVerifier, _bounds())
            )
        );
    }

    function _roles() internal view returns (Roles memory roles) {
        roles.proposers = _list(proposer);
        roles.executors = _list(executor);
        roles.council = _list(council);
        roles.guardians = _list(guardian);
    }

    function _bounds() internal pure returns (Bounds memory) {
        return Bounds({
            minDelay: 1 hours,
            maxDelay: 7 days,
            minGrace: 2 hours,
            maxGrace: 14 days,
            minDisclosureDeadline: 1 days,
            maxDisclosureDeadline: 30 days,
            maxValidity: 60 days
        });
    }

    function _policy(ProxyKind kind, address admin) internal pure returns (Policy memory policy) {
        policy.kind = kind;
        policy.admin = admin;
        policy.disclosureDeadline = DISCLOSURE;
        policy.threshold = 3;
        policy.maxWaivers = 2;
        policy.delay = DELAY;
        policy.grace = GRACE;
        policy.auditorRoot = AUDITORS;
        policy.vectorRoot = VECTORS;
    }

    function _register(address proxy, Policy memory policy, address implementation) internal {
        vm.startPrank(address(lane));
        lane.setPolicy(proxy, policy);
        lane.setBaseline(proxy, implementation, LAYOUT, CODE);
        vm.stopPrank();
    }

    /// @dev One operation through the whole slow path. Takes SLOW_DELAY.
    function _govern(address target, bytes memory data) internal {
        vm.prank(proposer);
        slow.schedule(target, 0, data, 0, bytes32(block.timestamp), SLOW_DELAY);
        bytes32 salt = bytes32(block.timestamp);
        vm.warp(block.timestamp + SLOW_DELAY);
        vm.prank(executor);
        slow.execute(target, 0, data, 0, salt);
    }

    /// @dev The patch of the vault: fee 7, no migration.
    function _vaultPatch(uint256 salt) internal returns (Patch memory) {
        return _vaultPatch(salt, "");
    }

    function _vaultPatch(uint256 salt, bytes memory migration) internal returns (Patch memory) {
        return _seal(abi.encodePacked(type(UUPSVaultFixed).creationCode, abi.encode(lane, 7)), migration, salt);
    }

    /// @dev Seals init code: the code comes from a deployment that never happened.
    function _seal(bytes memory initCode, bytes memory migration, uint256 salt) internal returns (Patch memory patch) {
        patch.code.initCode = initCode;
        patch.code.deploySalt = bytes32(salt);
        uint256 snapshot = vm.snapshotState();
        address implementation;
        vm.prank(address(lane));
        assembly ("memory-safe") {
            implementation := create2(0, add(initCode, 32), mload(initCode), salt)
        }
        vm.assertEq(implementation, _addressOf(patch));
        patch.runtime = implementation.code;
        vm.revertToState(snapshot);
        _commit(patch, migration, salt);
    }

    /// @dev Seals code that is deployed already.
    function _sealDeployed(
        address implementation,
        bytes memory migration,
        uint256 salt
    ) internal view returns (Patch memory patch) {
        patch.code.implementation = implementation;
        patch.runtime = implementation.code;
        _commit(patch, migration, salt);
    }

    function _commit(Patch memory patch, bytes memory migration, uint256 salt) private view {
        _commit(patch, migration, migration.length == 0 ? 0 : MIGRATION_GAS, salt);
    }

    function _commit(Patch memory patch, bytes memory migration, uint64 migrationGas, uint256 salt) internal view {
        // The mocked circuits do not look inside D, incidentRoot and callDigest.
        uint256 codeDigest = uint256(keccak256(patch.runtime)) >> 8;
        patch.opening = ExecutionOpening({
            layoutRoot: NEW_LAYOUT, codeDigest: codeDigest, migrationGas: migrationGas, migration: migration
        });
        patch.secret = PatchOpening({
            codeDigest: codeDigest,
            layoutRoot: NEW_LAYOUT,
            incidentRoot: uint256(keccak256("incidents")) >> 8,
            callDigest: uint256(keccak256(abi.encode(_accountOf(patch), migration))) >> 8,
            salt: salt
        });
        patch.commitment = patchVerifier.commitmentOf(patch.secret);
    }

    /// @dev The address of the new implementation, and above it the gas of the migration.
    function _accountOf(Patch memory patch) internal view returns (uint256) {
        return uint160(_addressOf(patch)) + uint256(patch.opening.migrationGas) * 2 ** 160;
    }

    function _addressOf(Patch memory patch) internal view returns (address) {
        if (patch.code.implementation != address(0)) return patch.code.implementation;
        return vm.computeCreate2Address(patch.code.deploySalt, keccak256(patch.code.initCode), address(lane));
    }

    /// @dev The public signals of an attest proof for `proxy`, from the chain's state alone, not from the lane's helpers.
    function _attestSignals(
        uint256 commitment,
        address proxy,
        uint64 validUntil,
        uint256 nonce
    ) internal view returns (uint256[7] memory) {
        return _attestSignals(commitment, proxy, validUntil, nonce, 0);
    }

    function _attestSignals(
        uint256 commitment,
        address proxy,
        uint64 validUntil,
        uint256 nonce,
        bytes32 group
    ) internal view returns (uint256[7] memory) {
        BaselineView memory baseline = lane.baselineOf(proxy);
        Policy memory policy = lane.policyOf(proxy);
        bytes32 leaf = keccak256(abi.encode(block.chainid, lane, proxy, baseline.codehash, nonce, validUntil, group));
        return [
            commitment,
            policy.auditorRoot,
            policy.threshold,
            policy.vectorRoot,
            policy.maxWaivers,
            baseline.layoutRoot,
            uint256(leaf) >> 8
        ];
    }

    function _bindSignals(Patch memory patch) internal view returns (uint256[7] memory) {
        uint256 z = CodeReference.point(patch.commitment, keccak256(patch.runtime));
        return [
            patch.commitment,
            z,
            CodeReference.evaluate(patch.runtime, z),
            patch.opening.layoutRoot,
            _accountOf(patch),
            uint256(keccak256(patch.opening.migration)) >> 8,
            patch.opening.codeDigest
        ];
    }

    /// @dev Both proofs exist from now on, as the council makes them together.
    function _prove(Patch memory patch, address proxy, uint64 validUntil) internal {
        groth16.accept(_attestSignals(patch.commitment, proxy, validUntil, lane.nonceOf(proxy), patch.group));
        groth16.accept(_bindSignals(patch));
    }

    function _validUntil() internal view returns (uint64) {
        return uint64(block.timestamp + 30 days);
    }

    function _statement(Patch memory patch, address proxy) internal view returns (ScheduleRequest memory) {
        return
            ScheduleRequest({commitment: patch.commitment, proxy: proxy, validUntil: _validUntil(), group: patch.group});
    }

    function _schedule(Patch memory patch, address proxy) internal returns (uint256 commitment) {
        _prove(patch, proxy, _validUntil());
        ScheduleRequest memory statement = _statement(patch, proxy);
        vm.prank(council);
        lane.schedule(statement, new bytes32[](0), _proof());
        return patch.commitment;
    }

    function _execute(uint256 commitment, Patch memory patch) internal {
        vm.prank(executor);
        lane.execute(commitment, patch.code, patch.opening, _proof());
    }

    /// @dev Schedules `patch` for the vault, waits and executes it.
    function _fastTrack(Patch memory patch, address proxy) internal returns (uint256 commitment) {
        commitment = _schedule(patch, proxy);
        vm.warp(block.timestamp + DELAY);
        _execute(commitment, patch);
    }

    function _disclose(uint256 commitment, Patch memory patch) internal {
        vm.prank(council);
        lane.disclose(commitment, patch.secret, keccak256("bundle"), "ipfs://bundle");
    }

    function _proof() internal pure returns (Groth16Proof memory proof) {
        proof.a[0] = 1;
    }

    function _implementationOf(address proxy) internal view returns (address) {
        bytes32 slot = bytes32(uint256(keccak256("eip1967.proxy.implementation")) - 1);
        return address(uint160(uint256(vm.load(proxy, slot))));
    }

    function _assertState(uint256 commitment, StatementState expected) internal view {
        vm.assertEq(uint256(lane.state(commitment)), uint256(expected), "state");
    }

    function _assertLane(address proxy, LaneStatus expected) internal view {
        (bool open, LaneStatus reason) = lane.laneStatus(proxy);
        vm.assertEq(uint256(reason), uint256(expected), "lane status");
        vm.assertEq(open, expected == LaneStatus.Open);
    }

    function _expectClosed(address proxy, LaneStatus reason) internal {
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackLaneClosed.selector, proxy, reason));
    }

    function _expectState(uint256 commitment, StatementState actual, StatementState expected) internal {
        vm.expectRevert(
            abi.encodeWithSelector(Statements.StatementUnexpectedState.selector, commitment, actual, expected)
        );
    }

    function _list(address account) internal pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = account;
    }

    function _checks(SafetyCheck memory check) internal pure returns (SafetyCheck[] memory list) {
        list = new SafetyCheck[](1);
        list[0] = check;
    }

    function _check(
        address target,
        bytes memory data,
        Comparison comparison
    ) internal pure returns (SafetyCheck memory check) {
        check.target = target;
        check.data = data;
        check.measure = Measure.FirstWord;
        check.comparison = comparison;
    }
}
