// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {
    BaselineView,
    Bounds,
    Comparison,
    LaneStatus,
    Measure,
    Policy,
    ProxyKind,
    SafetyCheck,
    StatementState
} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {IPatchVerifier} from "../../contracts/interfaces/IPatchVerifier.sol";
import {Baselines} from "../../contracts/libraries/Baselines.sol";
import {Policies} from "../../contracts/libraries/Policies.sol";
import {UUPSVault} from "./mocks/Vaults.sol";
import {LaneFixture, Patch, Roles} from "./support/LaneFixture.sol";

contract GovernanceTest is LaneFixture {
    function _governanceCalls() internal returns (bytes[] memory calls) {
        address implementation = _implementationOf(address(vault));
        calls = new bytes[](6);
        calls[0] = abi.encodeCall(IFastTrack.setPolicy, (address(vault), _policy(ProxyKind.UUPS, address(0))));
        calls[1] = abi.encodeCall(IFastTrack.removePolicy, (address(vault)));
        calls[2] = abi.encodeCall(IFastTrack.setBaseline, (address(vault), implementation, LAYOUT, CODE));
        calls[3] = abi.encodeCall(IFastTrack.setVerifier, (_newVerifier("other")));
        calls[4] = abi.encodeCall(IFastTrack.clearFreeze, (0));
        calls[5] = abi.encodeCall(IFastTrack.resume, ());
    }

    function test_P06_T17_noRoleChangesTheRules() public {
        bytes[] memory calls = _governanceCalls();
        address[5] memory callers = [proposer, executor, council, guardian, stranger];
        for (uint256 i = 0; i < calls.length; ++i) {
            for (uint256 j = 0; j < callers.length; ++j) {
                vm.prank(callers[j]);
                (bool success, bytes memory answer) = address(lane).call(calls[i]);
                vm.assertFalse(success);
                vm.assertEq(answer, abi.encodeWithSelector(IFastTrack.FastTrackUnauthorizedCaller.selector, callers[j]));
            }
        }
    }

    function test_P06_T17_rolesChangeThroughTheSlowPathAlone() public {
        bytes32[6] memory roles = [
            slow.DEFAULT_ADMIN_ROLE(),
            slow.PROPOSER_ROLE(),
            slow.EXECUTOR_ROLE(),
            slow.CANCELLER_ROLE(),
            keccak256("COUNCIL_ROLE"),
            keccak256("GUARDIAN_ROLE")
        ];
        address[5] memory callers = [proposer, executor, council, guardian, stranger];
        for (uint256 i = 0; i < roles.length; ++i) {
            for (uint256 j = 0; j < callers.length; ++j) {
                vm.expectRevert(
                    abi.encodeWithSelector(
                        IAccessControl.AccessControlUnauthorizedAccount.selector, callers[j], bytes32(0)
                    )
                );
                vm.prank(callers[j]);
                slow.grantRole(roles[i], stranger);
            }
        }
        _govern(address(lane), abi.encodeCall(IAccessControl.grantRole, (keccak256("COUNCIL_ROLE"), stranger)));
        vm.assertTrue(slow.hasRole(keccak256("COUNCIL_ROLE"), stranger));
    }

    function test_P06_theSlowPathChangesEveryRule() public {
        bytes[] memory calls = _governanceCalls();
        for (uint256 i = 0; i < 4; ++i) {
            if (i == 1) continue;
            _govern(address(lane), calls[i]);
        }
        vm.assertEq(lane.nonceOf(address(vault)), 4);
        vm.assertTrue(lane.verifier() != patchVerifier);
        _govern(address(lane), calls[1]);
        _assertLane(address(vault), LaneStatus.NoPolicy);
    }

    function test_rolesFromTheStart() public view {
        vm.assertTrue(slow.hasRole(slow.PROPOSER_ROLE(), proposer));
        vm.assertTrue(slow.hasRole(slow.CANCELLER_ROLE(), proposer));
        vm.assertTrue(slow.hasRole(keccak256("GUARDIAN_ROLE"), guardian));
        vm.assertFalse(slow.hasRole(slow.CANCELLER_ROLE(), guardian));
        vm.assertFalse(slow.hasRole(keccak256("GUARDIAN_ROLE"), proposer));
        vm.assertTrue(slow.hasRole(slow.EXECUTOR_ROLE(), executor));
        vm.assertTrue(slow.hasRole(keccak256("COUNCIL_ROLE"), council));
        vm.assertFalse(slow.hasRole(slow.CANCELLER_ROLE(), council));
        vm.assertFalse(slow.hasRole(slow.DEFAULT_ADMIN_ROLE(), proposer));
        vm.assertTrue(slow.hasRole(slow.DEFAULT_ADMIN_ROLE(), address(lane)));
        vm.assertEq(slow.getMinDelay(), SLOW_DELAY);
    }

    function test_erc165KnowsTheFastLaneAndWhatTheOriginalKnows() public view {
        IERC165 timelock = IERC165(address(lane));
        vm.assertTrue(timelock.supportsInterface(type(IFastTrack).interfaceId));
        vm.assertTrue(timelock.supportsInterface(type(IERC165).interfaceId));
        vm.assertTrue(timelock.supportsInterface(type(IAccessControl).interfaceId));
        vm.assertTrue(timelock.supportsInterface(type(IERC1155Receiver).interfaceId));
        vm.assertFalse(timelock.supportsInterface(0xffffffff));
    }

    function test_boundsAreKeptAsGiven() public view {
        vm.assertEq(abi.encode(lane.bounds()), abi.encode(_bounds()));
    }

    function test_everyBoundIsCheckedAtConstruction() public {
        for (uint256 i = 0; i < 8; ++i) {
            Bounds memory bounds = _bounds();
            bytes memory refusal;
            if (i == 0) {
                bounds.minDelay = 0;
                refusal = abi.encodeWithSelector(Policies.BoundsMinDelayZero.selector);
            } else if (i == 1) {
                bounds.maxDelay = bounds.minDelay - 1;
                refusal = abi.encodeWithSelector(Policies.BoundsDelayRange.selector, bounds.minDelay, bounds.maxDelay);
            } else if (i == 2) {
                bounds.minGrace = 0;
                refusal = abi.encodeWithSelector(Policies.BoundsMinGraceZero.selector);
            } else if (i == 3) {
                bounds.maxGrace = bounds.minGrace - 1;
                refusal = abi.encodeWithSelector(Policies.BoundsGraceRange.selector, bounds.minGrace, bounds.maxGrace);
            } else if (i == 4) {
                bounds.minDisclosureDeadline = 0;
                refusal = abi.encodeWithSelector(Policies.BoundsMinDisclosureDeadlineZero.selector);
            } else if (i == 5) {
                bounds.maxDisclosureDeadline = bounds.minDisclosureDeadline - 1;
                refusal = abi.encodeWithSelector(
                    Policies.BoundsDisclosureDeadlineRange.selector,
                    bounds.minDisclosureDeadline,
                    bounds.maxDisclosureDeadline
                );
            } else if (i == 6) {
                uint32 minimum = bounds.maxDelay + bounds.minGrace;
                bounds.maxValidity = minimum - 1;
                refusal = abi.encodeWithSelector(Policies.BoundsMaxValidityTooShort.selector, minimum - 1, minimum);
            } else {
                // The tightest bounds that leave room.
                bounds = Bounds(1, 1, 1, 1, 1, 1, 2);
            }
            _construct(SLOW_DELAY, _roles(), bounds, refusal);
        }
    }

    function test_theLaneBeginsWithASlowPathAndAGuardian() public {
        Roles memory roles = _roles();
        _construct(0, roles, _bounds(), abi.encodeWithSelector(IFastTrack.FastTrackSlowDelayZero.selector));
        _construct(1, roles, _bounds(), "");

        bytes memory refusal = abi.encodeWithSelector(IFastTrack.FastTrackWithoutGuardian.selector);
        roles.guardians = new address[](0);
        _construct(SLOW_DELAY, roles, _bounds(), refusal);
        roles.guardians = new address[](2);
        roles.guardians[0] = guardian;
        _construct(SLOW_DELAY, roles, _bounds(), refusal);
    }

    /// @dev Deploys a timelock, or expects the `refusal` that is not empty.
    function _construct(
        uint256 minDelay,
        Roles memory roles,
        Bounds memory bounds,
        bytes memory refusal
    ) internal returns (address deployed) {
        bytes memory init = bytes.concat(
            vm.getCode("FastTrackTimelock.sol:FastTrackTimelock"), abi.encode(minDelay, roles, patchVerifier, bounds)
        );
        if (refusal.length != 0) vm.expectRevert(refusal);
        assembly ("memory-safe") {
            deployed := create(0, add(init, 32), mload(init))
        }
        // A revert other than the expected one, or none, makes it zero.
        vm.assertTrue(deployed != address(0));
    }

    function _expectPolicyRefused(Policy memory policy, bytes memory refusal) internal {
        vm.expectRevert(refusal);
        vm.prank(address(lane));
        lane.setPolicy(address(vault), policy);
    }

    function test_everyRuleOfAPolicyHasItsError() public {
        Bounds memory bounds = _bounds();
        Policy memory p = _policy(ProxyKind.UUPS, address(0));

        p.threshold = 0;
        _expectPolicyRefused(p, abi.encodeWithSelector(Policies.PolicyThresholdOutOfRange.selector, 0, 8));
        p.threshold = 9;
        _expectPolicyRefused(p, abi.encodeWithSelector(Policies.PolicyThresholdOutOfRange.selector, 9, 8));

        p = _policy(ProxyKind.UUPS, address(0));
        p.maxWaivers = 128;
        _expectPolicyRefused(p, abi.encodeWithSelector(Policies.PolicyTooManyWaivers.selector, 128, 127));

        uint256[2] memory outside = [0, R];
        for (uint256 i = 0; i < 2; ++i) {
            p = _policy(ProxyKind.UUPS, address(0));
            p.auditorRoot = outside[i];
            _expectPolicyRefused(p, abi.encodeWithSelector(Policies.PolicyAuditorRootOutOfField.selector, outside[i]));
            p = _policy(ProxyKind.UUPS, address(0));
            p.vectorRoot = outside[i];
            _expectPolicyRefused(p, abi.encodeWithSelector(Policies.PolicyVectorRootOutOfField.selector, outside[i]));
        }

        p = _policy(ProxyKind.UUPS, address(0));
        p.delay = bounds.minDelay - 1;
        _expectPolicyRefused(p, abi.encodeWithSelector(Policies.PolicyDelayTooShort.selector, p.delay, bounds.minDelay));
        p.delay = bounds.maxDelay + 1;
        _expectPolicyRefused(p, abi.encodeWithSelector(Policies.PolicyDelayTooLong.selector, p.delay, bounds.maxDelay));

        p = _policy(ProxyKind.UUPS, address(0));
        p.grace = bounds.minGrace - 1;
        _expectPolicyRefused(p, abi.encodeWithSelector(Policies.PolicyGraceTooShort.selector, p.grace, bounds.minGrace));
        p.grace = bounds.maxGrace + 1;
        _expectPolicyRefused(p, abi.encodeWithSelector(Policies.PolicyGraceTooLong.selector, p.grace, bounds.maxGrace));

        p = _policy(ProxyKind.UUPS, address(0));
        p.disclosureDeadline = bounds.minDisclosureDeadline - 1;
        _expectPolicyRefused(
            p,
            abi.encodeWithSelector(
                Policies.PolicyDisclosureDeadlineTooShort.selector, p.disclosureDeadline, bounds.minDisclosureDeadline
            )
        );
        p.disclosureDeadline = bounds.maxDisclosureDeadline + 1;
        _expectPolicyRefused(
            p,
            abi.encodeWithSelector(
                Policies.PolicyDisclosureDeadlineTooLong.selector, p.disclosureDeadline, bounds.maxDisclosureDeadline
            )
        );
    }

    function test_theEdgesOfEveryRuleAreAllowed() public {
        Bounds memory bounds = _bounds();
        Policy memory p = _policy(ProxyKind.UUPS, address(0));
        p.threshold = 8;
        p.maxWaivers = 127;
        p.auditorRoot = R - 1;
        p.vectorRoot = R - 1;
        p.delay = bounds.maxDelay;
        p.grace = bounds.maxGrace;
        p.disclosureDeadline = bounds.maxDisclosureDeadline;
        vm.startPrank(address(lane));
        lane.setPolicy(address(vault), p);
        p.threshold = 1;
        p.maxWaivers = 0;
        p.auditorRoot = 1;
        p.vectorRoot = 1;
        p.delay = bounds.minDelay;
        p.grace = bounds.minGrace;
        p.disclosureDeadline = bounds.minDisclosureDeadline;
        lane.setPolicy(address(vault), p);
        vm.stopPrank();
        vm.assertEq(abi.encode(lane.policyOf(address(vault))), abi.encode(p));
    }

    function test_adminBelongsToTransparentKindsAlone() public {
        ProxyKind[3] memory without = [ProxyKind.UUPS, ProxyKind.UUPSLegacy, ProxyKind.Beacon];
        for (uint256 i = 0; i < without.length; ++i) {
            _expectPolicyRefused(
                _policy(without[i], address(this)),
                abi.encodeWithSelector(Policies.PolicyAdminUnused.selector, without[i], address(this))
            );
        }
        ProxyKind[2] memory with = [ProxyKind.TransparentV5, ProxyKind.TransparentV4];
        for (uint256 i = 0; i < with.length; ++i) {
            _expectPolicyRefused(
                _policy(with[i], address(0)),
                abi.encodeWithSelector(Policies.PolicyAdminWithoutCode.selector, address(0))
            );
            _expectPolicyRefused(
                _policy(with[i], stranger), abi.encodeWithSelector(Policies.PolicyAdminWithoutCode.selector, stranger)
            );
        }
    }

    function test_T17_noPolicyConcernsTheTimelockItself() public {
        vm.startPrank(address(lane));
        vm.expectRevert(abi.encodeWithSelector(Policies.PolicyProxyIsTimelock.selector));
        lane.setPolicy(address(lane), _policy(ProxyKind.UUPS, address(0)));
        vm.expectRevert(abi.encodeWithSelector(Policies.PolicyAdminIsTimelock.selector));
        lane.setPolicy(address(vault), _policy(ProxyKind.TransparentV5, address(lane)));
        vm.expectRevert(abi.encodeWithSelector(Policies.PolicyProxyWithoutCode.selector, stranger));
        lane.setPolicy(stranger, _policy(ProxyKind.UUPS, address(0)));
        vm.stopPrank();
    }

    function test_aNewPolicyReplacesTheOldOneWhole() public {
        Policy memory p = _policy(ProxyKind.UUPS, address(0));
        p.checks = new SafetyCheck[](3);
        for (uint256 i = 0; i < 3; ++i) {
            p.checks[i] = _check(address(vault), abi.encodeCall(vault.total, ()), Comparison.EqualToBefore);
        }
        p.checks[1].comparison = Comparison.EqualToConstant;
        p.checks[1].expected = bytes32(uint256(9));
        p.checks[2].measure = Measure.ReturnHash;
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.PolicySet(address(vault), 3);
        vm.startPrank(address(lane));
        lane.setPolicy(address(vault), p);
        vm.assertEq(abi.encode(lane.policyOf(address(vault))), abi.encode(p));

        p.checks = _checks(p.checks[1]);
        lane.setPolicy(address(vault), p);
        vm.assertEq(abi.encode(lane.policyOf(address(vault))), abi.encode(p));
        // The same ProxyAdmin, none: the baseline stands.
        _assertLane(address(vault), LaneStatus.Open);
        vm.stopPrank();
    }

    function test_P10_anotherAdminTakesTheBaselineAway() public {
        vm.prank(address(lane));
        lane.setPolicy(address(vault), _policy(ProxyKind.TransparentV5, address(this)));
        _assertLane(address(vault), LaneStatus.NoBaseline);
    }

    function test_P10_aNewPolicyDoesNotForgetAnUpgrade() public {
        address other = address(new UUPSVault(address(lane)));
        _govern(address(vault), abi.encodeWithSignature("upgradeToAndCall(address,bytes)", other, ""));
        _assertLane(address(vault), LaneStatus.BaselineStale);
        vm.prank(address(lane));
        lane.setPolicy(address(vault), _policy(ProxyKind.UUPS, address(0)));
        _assertLane(address(vault), LaneStatus.BaselineStale);
    }

    function test_removePolicyTakesTheBaselineAwayAndKeepsTheNonce() public {
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.PolicyRemoved(address(vault), 3);
        vm.startPrank(address(lane));
        lane.removePolicy(address(vault));
        _assertLane(address(vault), LaneStatus.NoPolicy);
        vm.assertEq(lane.nonceOf(address(vault)), 3);
        Policy memory none;
        vm.assertEq(abi.encode(lane.policyOf(address(vault))), abi.encode(none));
        BaselineView memory nothing;
        vm.assertEq(lane.baselineOf(address(vault)).implementation, nothing.implementation);

        vm.expectRevert(abi.encodeWithSelector(Policies.PolicyUnknown.selector, address(vault)));
        lane.removePolicy(address(vault));
        lane.setPolicy(address(vault), _policy(ProxyKind.UUPS, address(0)));
        _assertLane(address(vault), LaneStatus.NoBaseline);
        vm.stopPrank();
    }

    function test_baselineIsSetForAPolicyAndForCode() public {
        address implementation = _implementationOf(address(vault));
        vm.startPrank(address(lane));
        vm.expectRevert(abi.encodeWithSelector(Policies.PolicyUnknown.selector, address(this)));
        lane.setBaseline(address(this), implementation, LAYOUT, CODE);
        vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineImplementationWithoutCode.selector, stranger));
        lane.setBaseline(address(vault), stranger, LAYOUT, CODE);
        uint256[2] memory outside = [0, R];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineLayoutRootOutOfField.selector, outside[i]));
            lane.setBaseline(address(vault), implementation, outside[i], CODE);
            vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineCurrentCodeOutOfField.selector, outside[i]));
            lane.setBaseline(address(vault), implementation, LAYOUT, outside[i]);
        }
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.BaselineSet(address(vault), implementation, implementation.codehash, R - 1, R - 2, 3);
        lane.setBaseline(address(vault), implementation, R - 1, R - 2);
        vm.stopPrank();

        BaselineView memory baseline = lane.baselineOf(address(vault));
        vm.assertEq(baseline.implementation, implementation);
        vm.assertEq(baseline.codehash, implementation.codehash);
        vm.assertEq(baseline.layoutRoot, R - 1);
        vm.assertEq(baseline.currentCode, R - 2);
        vm.assertFalse(baseline.stale);
    }

    function test_aDelegatedAccountIsNoImplementation() public {
        // EIP-7702: what such an account runs is its owner's choice of the day.
        address account = vm.addr(77);
        vm.etch(account, abi.encodePacked(hex"ef0100", _implementationOf(address(vault))));
        vm.expectRevert(abi.encodeWithSelector(Baselines.BaselineImplementationDelegated.selector, account));
        vm.prank(address(lane));
        lane.setBaseline(address(vault), account, LAYOUT, CODE);
    }

    function test_T18_verifierIsReplacedAndMustBeAContract() public {
        IPatchVerifier other = _newVerifier("second");
        vm.startPrank(address(lane));
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackVerifierWithoutCode.selector, stranger));
        lane.setVerifier(IPatchVerifier(stranger));
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.VerifierSet(address(other), keccak256("second"));
        lane.setVerifier(other);
        vm.stopPrank();
        vm.assertEq(address(lane.verifier()), address(other));
    }

    function test_T18_aReplacedVerifierDoesNotComeBack() public {
        uint256 commitment = _schedule(_vaultPatch(1), address(vault));
        IPatchVerifier other = _newVerifier("second");
        vm.startPrank(address(lane));
        lane.setVerifier(other);
        IPatchVerifier[2] memory used = [patchVerifier, other];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackVerifierUsedBefore.selector, address(used[i])));
            lane.setVerifier(used[i]);
        }
        vm.stopPrank();
        _assertState(commitment, StatementState.Superseded);
    }

    function test_everyMemberThatTheConstructorNamesHasItsRole() public {
        Roles memory roles = _roles();
        roles.council = new address[](2);
        roles.guardians = new address[](2);
        (roles.council[0], roles.council[1]) = (council, vm.addr(6));
        (roles.guardians[0], roles.guardians[1]) = (guardian, vm.addr(7));
        IAccessControl other = IAccessControl(address(_newTimelock(roles)));
        for (uint256 i = 0; i < 2; ++i) {
            vm.assertTrue(other.hasRole(keccak256("COUNCIL_ROLE"), roles.council[i]));
            vm.assertTrue(other.hasRole(keccak256("GUARDIAN_ROLE"), roles.guardians[i]));
        }
    }

    function test_P07_T15_ofSeveralReasonsTheFirstIsTold() public {
        // The vault's only implementation changes its code, the slow path touches the vault, a disclosure falls due.
        Patch memory patch = _vaultPatch(1);
        _fastTrack(patch, address(vault));
        address implementation = _implementationOf(address(vault));
        _assertLane(address(vault), LaneStatus.Open);
        vm.etch(implementation, hex"00");
        _assertLane(address(vault), LaneStatus.BaselineCodeChanged);
        uint256 whole = vm.snapshotState();
        _govern(address(vault), abi.encodeWithSignature("grantRole(bytes32,address)", 0, stranger));
        _assertLane(address(vault), LaneStatus.BaselineStale);
        vm.revertToState(whole);

        vm.warp(block.timestamp + DISCLOSURE + 1);
        _assertLane(address(vault), LaneStatus.Frozen);
        _assertLane(stranger, LaneStatus.Frozen);
        vm.prank(guardian);
        lane.halt("both");
        _assertLane(address(vault), LaneStatus.Halted);
        _assertLane(stranger, LaneStatus.Halted);
        // A policy without a baseline.
        vm.startPrank(address(lane));
        lane.resume();
        _assertLane(stranger, LaneStatus.Frozen);
        vm.stopPrank();
    }

    function test_T15_haltAndResume() public {
        vm.assertFalse(lane.halted());
        vm.prank(address(lane));
        vm.expectRevert(IFastTrack.FastTrackNotHalted.selector);
        lane.resume();

        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.LaneHalted(guardian, "smells");
        vm.prank(guardian);
        lane.halt("smells");
        vm.assertTrue(lane.halted());
        _assertLane(address(vault), LaneStatus.Halted);
        vm.prank(guardian);
        vm.expectRevert(IFastTrack.FastTrackAlreadyHalted.selector);
        lane.halt("again");

        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.LaneResumed();
        vm.prank(address(lane));
        lane.resume();
        vm.assertFalse(lane.halted());
        _assertLane(address(vault), LaneStatus.Open);
    }

    function test_T15_onlyGuardiansHaltAndVeto() public {
        uint256 commitment = _schedule(_vaultPatch(1), address(vault));
        bytes32 role = keccak256("GUARDIAN_ROLE");
        address[5] memory others = [proposer, executor, council, stranger, address(lane)];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory refusal =
                abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, others[i], role);
            vm.startPrank(others[i]);
            vm.expectRevert(refusal);
            lane.halt("no");
            vm.expectRevert(refusal);
            lane.veto(commitment, "no");
            vm.stopPrank();
        }
    }

    function test_T14_T15_vetoStopsOneStatementAndSaysWhy() public {
        uint256 commitment = _schedule(_vaultPatch(1), address(vault));
        uint256 other = _schedule(_vaultPatch(2), address(vault));
        vm.expectEmit(true, true, true, true, address(lane));
        emit IFastTrack.StatementVetoed(commitment, guardian, "wrong target");
        vm.prank(guardian);
        lane.veto(commitment, "wrong target");
        _assertState(commitment, StatementState.Vetoed);
        _assertState(other, StatementState.Scheduled);
        _assertLane(address(vault), LaneStatus.Open);
    }

    function test_T15_aGuardianCannotKeepItsRoleByCancelling() public {
        bytes memory revocation = abi.encodeCall(IAccessControl.revokeRole, (keccak256("GUARDIAN_ROLE"), guardian));
        vm.prank(proposer);
        slow.schedule(address(lane), 0, revocation, 0, 0, SLOW_DELAY);
        bytes32 operation = slow.hashOperation(address(lane), 0, revocation, 0, 0);
        bytes32 canceller = slow.CANCELLER_ROLE();
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, guardian, canceller)
        );
        vm.prank(guardian);
        slow.cancel(operation);
    }

    function test_T15_aGuardianThatStopsEverythingIsRotatedBySlowPath() public {
        vm.prank(guardian);
        lane.halt("captured");
        _govern(address(lane), abi.encodeCall(IAccessControl.revokeRole, (keccak256("GUARDIAN_ROLE"), guardian)));
        _govern(address(lane), abi.encodeCall(IFastTrack.resume, ()));
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessControl.AccessControlUnauthorizedAccount.selector, guardian, keccak256("GUARDIAN_ROLE")
            )
        );
        vm.prank(guardian);
        lane.halt("again");
        Patch memory patch = _vaultPatch(1);
        _fastTrack(patch, address(vault));
        vm.assertEq(vault.version(), 2);
    }
}
