// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {
    CodeSource,
    Comparison,
    ExecutionOpening,
    Groth16Proof,
    Measure,
    PatchOpening,
    Policy,
    ProxyKind,
    SafetyCheck,
    ScheduleRequest,
    StatementState
} from "../../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../../contracts/interfaces/IFastTrack.sol";
import {IGroth16Verifier} from "../../../contracts/interfaces/IGroth16Verifier.sol";
import {IPatchVerifier} from "../../../contracts/interfaces/IPatchVerifier.sol";
import {TestBase} from "./TestBase.sol";

/// @dev The cheatcodes of forge that read files and replay deployments.
interface IncidentVm {
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonBytes32Array(string calldata json, string calldata key) external pure returns (bytes32[] memory);
    function parseJsonType(
        string calldata json,
        string calldata key,
        string calldata typeDescription
    ) external pure returns (bytes memory);
    function parseJsonTypeArray(
        string calldata json,
        string calldata key,
        string calldata typeDescription
    ) external pure returns (bytes memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonUintArray(string calldata json, string calldata key) external pure returns (uint256[] memory);
    function readFile(string calldata path) external view returns (string memory);
    function setNonce(address account, uint64 newNonce) external;
}

/// @dev The parts of the proof system.
interface Parts {
    error DevelopmentVerifierOffLocalChain(uint256 chainId);

    function attestVerifier() external view returns (IGroth16Verifier);
    function bindVerifier() external view returns (IGroth16Verifier);
}

/// @dev A contract that a transaction created.
struct Deployment {
    address creator;
    uint64 nonce;
    address account;
    bytes initCode;
}

/**
 * @dev The incident of build/fixtures/real-proofs.json (tools/build/real-incident.ts) on this chain: the timelock, the
 * proof system and the vulnerable proxy as the build and the SDK deployed them, at the same addresses, and both proofs.
 */
abstract contract RealIncident is TestBase {
    IncidentVm private constant incidentVm = IncidentVm(address(vm));
    string private constant PROOF = "Groth16Proof(uint256[2] a,uint256[2][2] b,uint256[2] c)";

    uint32 internal constant DELAY = 4 hours;
    uint32 internal constant GRACE = 2 days;

    /// @dev For one call. Points off the curve cost a precompile all its gas, and a test has many of them.
    uint256 private constant GAS = 10_000_000;

    uint256 internal start;
    IFastTrack internal lane;
    IPatchVerifier internal patchVerifier;
    address internal proxy;
    address internal current;
    uint256 internal baselineLayout;
    address internal council;
    address internal executor;

    ScheduleRequest internal statement;
    bytes32[] internal path;
    uint256 internal otherChain;
    bytes32[] internal otherPath;
    bytes32 internal otherLeaf;
    uint256[7] internal attestSignals;
    Groth16Proof internal attestProof;

    CodeSource internal source;
    ExecutionOpening internal opening;
    uint256[7] internal bindSignals;
    Groth16Proof internal bindProof;
    bytes internal patchCode;
    address internal patchAccount;
    /// @dev The same code as the patch, deployed by somebody else.
    address internal patchCopy;

    PatchOpening internal secret;

    address internal attacker;
    bytes private _exploitCreation;
    bytes private _exploitCall;

    mapping(address account => Deployment) private _deployments;
    Policy private _registered;
    uint256 private _beforeRegistration;

    function setUp() public {
        string memory json = incidentVm.readFile("build/fixtures/real-proofs.json");
        start = incidentVm.parseJsonUint(json, ".timestamp");
        vm.warp(start);
        _deployAll(json);
        _readStatement(json);
        _readPatch(json);
        _readPolicy(json);
        vm.deal(proxy, incidentVm.parseJsonUint(json, ".funds"));

        _beforeRegistration = vm.snapshotState();
        _register(proxy, _policy(), current, baselineLayout);
        vm.assertEq(lane.nonceOf(proxy), incidentVm.parseJsonUint(json, ".nonce"));
    }

    function _deployAll(string memory json) private {
        bytes memory encoded = incidentVm.parseJsonTypeArray(
            json, ".deployments", "Deployment(address creator,uint64 nonce,address account,bytes initCode)"
        );
        Deployment[] memory deployments = abi.decode(encoded, (Deployment[]));
        for (uint256 i = 0; i < deployments.length; ++i) {
            Deployment memory deployment = deployments[i];
            _deployments[deployment.account] = deployment;
            vm.assertEq(_create(deployment.creator, deployment.nonce, deployment.initCode), deployment.account);
        }
    }

    function _readStatement(string memory json) private {
        lane = IFastTrack(incidentVm.parseJsonAddress(json, ".timelock"));
        patchVerifier = lane.verifier();
        proxy = incidentVm.parseJsonAddress(json, ".proxy");
        council = incidentVm.parseJsonAddress(json, ".council");
        executor = incidentVm.parseJsonAddress(json, ".executor");

        uint256[] memory seven = incidentVm.parseJsonUintArray(json, ".attest.signals");
        for (uint256 i = 0; i < 7; ++i) {
            attestSignals[i] = seven[i];
        }
        attestProof = abi.decode(incidentVm.parseJsonType(json, ".attest.proof", PROOF), (Groth16Proof));
        statement = ScheduleRequest(seven[0], proxy, uint64(incidentVm.parseJsonUint(json, ".validUntil")), 0);
        path = incidentVm.parseJsonBytes32Array(json, ".targets[0].path");
        otherChain = incidentVm.parseJsonUint(json, ".targets[1].chainId");
        otherPath = incidentVm.parseJsonBytes32Array(json, ".targets[1].path");
        otherLeaf = abi.decode(incidentVm.parseJsonBytes(json, ".targets[1].leaf"), (bytes32));
    }

    function _readPatch(string memory json) private {
        uint256[] memory seven = incidentVm.parseJsonUintArray(json, ".bind.signals");
        for (uint256 i = 0; i < 7; ++i) {
            bindSignals[i] = seven[i];
        }
        bindProof = abi.decode(incidentVm.parseJsonType(json, ".bind.proof", PROOF), (Groth16Proof));
        secret = abi.decode(
            incidentVm.parseJsonType(
                json,
                ".opening",
                "PatchOpening(uint256 codeDigest,uint256 layoutRoot,uint256 incidentRoot,uint256 callDigest,uint256 salt)"
            ),
            (PatchOpening)
        );
        opening = ExecutionOpening({
            layoutRoot: secret.layoutRoot,
            codeDigest: secret.codeDigest,
            migrationGas: uint64(incidentVm.parseJsonUint(json, ".patch.migrationGas")),
            migration: incidentVm.parseJsonBytes(json, ".patch.migration")
        });
        source.initCode = incidentVm.parseJsonBytes(json, ".patch.initCode");
        source.deploySalt = abi.decode(incidentVm.parseJsonBytes(json, ".patch.deploySalt"), (bytes32));
        patchCode = incidentVm.parseJsonBytes(json, ".patch.code");
        patchAccount = incidentVm.parseJsonAddress(json, ".patch.account");
        patchCopy = incidentVm.parseJsonAddress(json, ".patch.copy");
        attacker = incidentVm.parseJsonAddress(json, ".exploit.attacker");
        _exploitCreation = incidentVm.parseJsonBytes(json, ".exploit.creation");
        _exploitCall = incidentVm.parseJsonBytes(json, ".exploit.attack");
    }

    function _readPolicy(string memory json) private {
        current = incidentVm.parseJsonAddress(json, ".current.account");
        vm.assertEq(current.code, incidentVm.parseJsonBytes(json, ".current.code"));
        baselineLayout = incidentVm.parseJsonUint(json, ".layoutRoot");
        _registered.admin = incidentVm.parseJsonAddress(json, ".admin");
        _registered.threshold = uint8(incidentVm.parseJsonUint(json, ".policy.threshold"));
        _registered.maxWaivers = uint8(incidentVm.parseJsonUint(json, ".policy.maxWaivers"));
        _registered.auditorRoot = incidentVm.parseJsonUint(json, ".policy.auditorRoot");
        _registered.vectorRoot = incidentVm.parseJsonUint(json, ".policy.vectorRoot");
        _registered.kind = ProxyKind.TransparentV5;
        _registered.delay = DELAY;
        _registered.grace = GRACE;
        _registered.disclosureDeadline = 14 days;
        SafetyCheck storage minDelayUnchanged = _registered.checks.push();
        minDelayUnchanged.target = proxy;
        minDelayUnchanged.measure = Measure.FirstWord;
        minDelayUnchanged.comparison = Comparison.EqualToBefore;
        minDelayUnchanged.data = abi.encodeWithSignature("getMinDelay()");
    }

    /// @dev The policy that the proof was made for.
    function _policy() internal view returns (Policy memory) {
        return _registered;
    }

    /// @dev Registers as the slow path would; advances the nonce by two.
    function _register(address subject, Policy memory policy, address implementation, uint256 layoutRoot) internal {
        vm.startPrank(address(lane));
        lane.setPolicy(subject, policy);
        // No circuit looks at the digest of the live code yet.
        lane.setBaseline(subject, implementation, layoutRoot, uint256(implementation.codehash) >> 8);
        vm.stopPrank();
    }

    /// @dev Back to before the registration, to register otherwise at the same nonce.
    function _unregister() internal {
        uint256 snapshot = _beforeRegistration;
        vm.revertToState(snapshot);
        _beforeRegistration = snapshot;
    }

    /// @dev Deploys a contract of the incident once more, elsewhere.
    function _deployAgain(address account) internal returns (address) {
        Deployment memory deployment = _deployments[account];
        return _create(deployment.creator, deployment.nonce + 1000, deployment.initCode);
    }

    function _parts() internal view returns (Parts) {
        return Parts(address(patchVerifier));
    }

    /// @dev What development verifiers revert with on the chain `foreign`.
    function _offLocalChain(uint256 foreign) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(Parts.DevelopmentVerifierOffLocalChain.selector, foreign);
    }

    /// @dev Makes the verifiers take the chain `id`, below 2^16, in place of 31337.
    function _makeLocal(uint256 id) internal {
        address[2] memory verifiers = [address(_parts().attestVerifier()), address(_parts().bindVerifier())];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory code = verifiers[i].code;
            // PUSH2 31337
            for (uint256 at = 2; at < code.length; ++at) {
                if (code[at - 2] != 0x61 || code[at - 1] != 0x7a || code[at] != 0x69) continue;
                (code[at - 1], code[at]) = (bytes1(uint8(id >> 8)), bytes1(uint8(id)));
            }
            vm.etch(verifiers[i], code);
        }
    }

    function _create(address creator, uint64 nonce, bytes memory initCode) private returns (address account) {
        incidentVm.setNonce(creator, nonce);
        vm.prank(creator);
        assembly ("memory-safe") {
            account := create(0, add(initCode, 32), mload(initCode))
        }
    }

    /// @dev The published exploit, from an account that is executor of the vulnerable timelock and no more.
    function _attack() internal returns (bool success, bytes memory returned) {
        _create(attacker, 0, _exploitCreation);
        vm.prank(attacker);
        (success, returned) = proxy.call(_exploitCall);
    }

    function _addressAt(address account, string memory name) internal view returns (address) {
        return address(uint160(uint256(vm.load(account, bytes32(uint256(keccak256(bytes(name))) - 1)))));
    }

    function _schedule(
        ScheduleRequest memory what,
        bytes32[] memory where,
        Groth16Proof memory proof
    ) internal returns (uint256) {
        vm.prank(council);
        lane.schedule{gas: GAS}(what, where, proof);
        return what.commitment;
    }

    function _refuseSchedule(ScheduleRequest memory what, bytes32[] memory where, Groth16Proof memory proof) internal {
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackAttestProofRejected.selector, what.commitment));
        _schedule(what, where, proof);
    }

    function _refuseSchedule() internal {
        _refuseSchedule(statement, path, attestProof);
    }

    /// @dev Scheduled, and the delay has passed.
    function _scheduled() internal returns (uint256 commitment) {
        commitment = _schedule(statement, path, attestProof);
        vm.warp(start + DELAY);
    }

    function _execute(
        uint256 commitment,
        CodeSource memory code,
        ExecutionOpening memory opened,
        Groth16Proof memory proof
    ) internal {
        vm.prank(executor);
        lane.execute{gas: GAS}(commitment, code, opened, proof);
    }

    function _refuseExecute(
        uint256 commitment,
        CodeSource memory code,
        ExecutionOpening memory opened,
        Groth16Proof memory proof
    ) internal {
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackBindProofRejected.selector, commitment));
        _execute(commitment, code, opened, proof);
    }

    function _assertState(uint256 commitment, StatementState expected) internal view {
        vm.assertEq(uint256(lane.state(commitment)), uint256(expected));
    }
}
