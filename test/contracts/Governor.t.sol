// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {LaneStatus, Policy, ProxyKind, ScheduleRequest, StatementState} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {TokenGovernor, VotesToken} from "./mocks/TokenGovernor.sol";
import {UUPSVaultFixed} from "./mocks/Vaults.sol";
import {LaneFixture, Patch, Roles} from "./support/LaneFixture.sol";

/**
 * @dev OpenZeppelin's Governor governs the timelock, neither of them changed for the other. It holds the roles that the
 * documentation of GovernorTimelockControl gives it: proposer, "and ideally the executor and canceller roles". Guardians have
 * a role of their own, so that none of them can cancel what a vote has queued.
 */
contract GovernorTest is LaneFixture {
    bytes32 internal constant COUNCIL_ROLE = keccak256("COUNCIL_ROLE");
    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;

    /// @dev What the Governor asks for again at each step of a proposal.
    struct Proposal {
        uint256 id;
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        bytes32 descriptionHash;
    }

    TokenGovernor internal governor;
    address internal voter = vm.addr(6);
    address internal minority = vm.addr(7);
    uint256 private _height = 1000;
    uint256 private _count;

    function setUp() public override {
        super.setUp();
        Roles memory roles = _roles();
        delete roles.proposers;
        roles.admin = address(this);
        lane = _newTimelock(roles);
        slow = TimelockController(payable(address(lane)));
        VotesToken token = new VotesToken();
        governor = new TokenGovernor(token, slow);
        slow.grantRole(slow.PROPOSER_ROLE(), address(governor));
        slow.grantRole(slow.EXECUTOR_ROLE(), address(governor));
        slow.grantRole(slow.CANCELLER_ROLE(), address(governor));
        slow.renounceRole(slow.DEFAULT_ADMIN_ROLE(), address(this));
        token.transfer(minority, 40 ether);
        token.transfer(voter, 60 ether);
        vm.prank(minority);
        token.delegate(minority);
        vm.prank(voter);
        token.delegate(voter);
        // Nobody has registered this one.
        vault = _newVault();
        _mine(1);
    }

    function _mine(uint256 blocks) private {
        _height += blocks;
        vm.roll(_height);
    }

    function _proposal(address[] memory targets, bytes[] memory calldatas) private returns (Proposal memory proposal) {
        string memory description = vm.toString(++_count);
        proposal.targets = targets;
        proposal.values = new uint256[](targets.length);
        proposal.calldatas = calldatas;
        proposal.descriptionHash = keccak256(bytes(description));
        vm.prank(voter);
        proposal.id = governor.propose(targets, proposal.values, calldatas, description);
    }

    function _proposal(address target, bytes memory data) private returns (Proposal memory) {
        bytes[] memory calldatas = new bytes[](1);
        calldatas[0] = data;
        return _proposal(_list(target), calldatas);
    }

    /// @dev The policy of the vault and its baseline, which open its fast lane.
    function _registration() private returns (Proposal memory) {
        address[] memory targets = new address[](2);
        bytes[] memory calldatas = new bytes[](2);
        (targets[0], targets[1]) = (address(lane), address(lane));
        calldatas[0] = abi.encodeCall(IFastTrack.setPolicy, (address(vault), _policy(ProxyKind.UUPS, address(0))));
        calldatas[1] =
            abi.encodeCall(IFastTrack.setBaseline, (address(vault), _implementationOf(address(vault)), LAYOUT, CODE));
        return _proposal(targets, calldatas);
    }

    function _approve(Proposal memory proposal) private {
        _mine(governor.votingDelay() + 1);
        vm.prank(voter);
        governor.castVote(proposal.id, FOR);
        _mine(governor.votingPeriod());
    }

    function _queue(Proposal memory p) private {
        governor.queue(p.targets, p.values, p.calldatas, p.descriptionHash);
        vm.warp(block.timestamp + SLOW_DELAY);
    }

    function _carryOut(Proposal memory p) private {
        governor.execute(p.targets, p.values, p.calldatas, p.descriptionHash);
    }

    function _pass(Proposal memory proposal) private {
        _approve(proposal);
        _queue(proposal);
        _carryOut(proposal);
        _assertProposal(proposal, IGovernor.ProposalState.Executed);
    }

    function _assertProposal(Proposal memory proposal, IGovernor.ProposalState expected) private view {
        vm.assertEq(uint256(governor.state(proposal.id)), uint256(expected), "proposal");
    }

    function _assertUntouched() private view {
        _assertLane(address(vault), LaneStatus.NoPolicy);
        vm.assertEq(lane.nonceOf(address(vault)), 0);
        vm.assertEq(lane.policyOf(address(vault)).threshold, 0);
        vm.assertEq(lane.baselineOf(address(vault)).implementation, address(0));
    }

    /// @dev Neither may a proposal in `current` state be queued, nor executed.
    function _expectStopped(Proposal memory p, IGovernor.ProposalState current) private {
        _assertProposal(p, current);
        for (uint256 i = 0; i < 2; ++i) {
            IGovernor.ProposalState needed = i == 0 ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Queued;
            vm.expectRevert(
                abi.encodeWithSelector(
                    IGovernor.GovernorUnexpectedProposalState.selector, p.id, current, bytes32(1 << uint8(needed))
                )
            );
            if (i == 0) governor.queue(p.targets, p.values, p.calldatas, p.descriptionHash);
            else governor.execute(p.targets, p.values, p.calldatas, p.descriptionHash);
        }
        // The timelock was never told of it, or has forgotten it.
        bytes32 salt = bytes32(bytes20(address(governor))) ^ p.descriptionHash;
        vm.assertFalse(slow.isOperation(slow.hashOperationBatch(p.targets, p.values, p.calldatas, 0, salt)));
    }

    function _refusedRole(address account, bytes32 role) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, account, role);
    }

    function test_P06_P08_aVoteOpensTheLaneAndAStatementRuns() public {
        Proposal memory proposal = _registration();
        _approve(proposal);
        _queue(proposal);
        _assertUntouched();
        _carryOut(proposal);
        _assertLane(address(vault), LaneStatus.Open);
        vm.assertEq(abi.encode(lane.policyOf(address(vault))), abi.encode(_policy(ProxyKind.UUPS, address(0))));
        vm.assertEq(lane.baselineOf(address(vault)).layoutRoot, LAYOUT);

        Patch memory patch = _vaultPatch(1);
        uint256 commitment = _fastTrack(patch, address(vault));
        vm.assertEq(vault.version(), 2);
        _disclose(commitment, patch);
        _assertState(commitment, StatementState.Disclosed);
    }

    function test_P10_anUpgradeByVoteMakesTheBaselineStale() public {
        _pass(_registration());
        address next = address(new UUPSVaultFixed(address(lane), 1));
        _pass(_proposal(address(vault), abi.encodeCall(vault.upgradeToAndCall, (next, ""))));
        vm.assertEq(vault.version(), 2);
        _assertLane(address(vault), LaneStatus.BaselineStale);
        _pass(
            _proposal(address(lane), abi.encodeCall(IFastTrack.setBaseline, (address(vault), next, NEW_LAYOUT, CODE)))
        );
        _assertLane(address(vault), LaneStatus.Open);
    }

    function test_P07_T16_aVoteClearsAFreeze() public {
        _pass(_registration());
        uint256 commitment = _fastTrack(_vaultPatch(1), address(vault));
        vm.warp(block.timestamp + DISCLOSURE + 1);
        _assertLane(address(vault), LaneStatus.Frozen);
        _pass(_proposal(address(lane), abi.encodeCall(IFastTrack.clearFreeze, (commitment))));
        _assertLane(address(vault), LaneStatus.Open);
        vm.assertEq(lane.nextDisclosureDueAt(), 0);
        _schedule(_vaultPatch(2), address(vault));
    }

    function test_T15_aVoteResumesAHaltedLane() public {
        _pass(_registration());
        vm.prank(guardian);
        lane.halt("false alarm");
        _assertLane(address(vault), LaneStatus.Halted);
        _pass(_proposal(address(lane), abi.encodeCall(IFastTrack.resume, ())));
        _assertLane(address(vault), LaneStatus.Open);
        vm.assertFalse(lane.halted());
    }

    function test_P06_aDefeatedProposalChangesNothing() public {
        // A minority makes the quorum, and loses.
        Proposal memory proposal = _registration();
        _mine(governor.votingDelay() + 1);
        vm.prank(minority);
        governor.castVote(proposal.id, FOR);
        vm.prank(voter);
        governor.castVote(proposal.id, AGAINST);
        _mine(governor.votingPeriod());
        _expectStopped(proposal, IGovernor.ProposalState.Defeated);
        // Nobody votes.
        proposal = _registration();
        _mine(governor.votingDelay() + governor.votingPeriod() + 1);
        _expectStopped(proposal, IGovernor.ProposalState.Defeated);
        _assertUntouched();
    }

    function test_P06_aCancelledProposalChangesNothing() public {
        Proposal memory p = _registration();
        vm.prank(voter);
        governor.cancel(p.targets, p.values, p.calldatas, p.descriptionHash);
        _expectStopped(p, IGovernor.ProposalState.Canceled);
        _mine(governor.votingDelay() + governor.votingPeriod() + 1);
        _expectStopped(p, IGovernor.ProposalState.Canceled);
        _assertUntouched();
    }

    function test_P06_aProposalDoesNotRunBeforeTheTimelocksDelay() public {
        Proposal memory p = _registration();
        _approve(p);
        _queue(p);
        vm.warp(block.timestamp - 1);
        bytes32 salt = bytes32(bytes20(address(governor))) ^ p.descriptionHash;
        vm.expectRevert(
            abi.encodeWithSelector(
                TimelockController.TimelockUnexpectedOperationState.selector,
                slow.hashOperationBatch(p.targets, p.values, p.calldatas, 0, salt),
                bytes32(1 << uint8(TimelockController.OperationState.Ready))
            )
        );
        _carryOut(p);
        _assertUntouched();
    }

    function test_T02_T14_theGovernorAloneCannotSchedule() public {
        _pass(_registration());
        Patch memory patch = _vaultPatch(1);
        ScheduleRequest memory statement = _statement(patch, address(vault));
        _prove(patch, address(vault), statement.validUntil);
        vm.expectRevert(_refusedRole(address(governor), COUNCIL_ROLE));
        vm.prank(address(governor));
        lane.schedule(statement, new bytes32[](0), _proof());

        // Not by a vote either: neither the timelock nor the Governor that a vote speaks through is the council.
        bytes memory data = abi.encodeCall(IFastTrack.schedule, (statement, new bytes32[](0), _proof()));
        Proposal memory proposal = _proposal(address(lane), data);
        _approve(proposal);
        _queue(proposal);
        vm.expectRevert(_refusedRole(address(lane), COUNCIL_ROLE));
        _carryOut(proposal);
        proposal = _proposal(address(governor), abi.encodeCall(governor.relay, (address(lane), 0, data)));
        _approve(proposal);
        _queue(proposal);
        vm.expectRevert(_refusedRole(address(governor), COUNCIL_ROLE));
        _carryOut(proposal);
        // It was the role and nothing else.
        vm.prank(council);
        lane.schedule(statement, new bytes32[](0), _proof());
    }

    function test_P06_T17_theCouncilCannotTouchThePolicy() public {
        _pass(_registration());
        Policy memory weaker = _policy(ProxyKind.UUPS, address(0));
        weaker.threshold = 1;
        bytes memory data = abi.encodeCall(IFastTrack.setPolicy, (address(vault), weaker));
        vm.startPrank(council);
        vm.expectRevert(abi.encodeWithSelector(IFastTrack.FastTrackUnauthorizedCaller.selector, council));
        lane.setPolicy(address(vault), weaker);
        vm.expectRevert(_refusedRole(council, slow.PROPOSER_ROLE()));
        slow.schedule(address(lane), 0, data, 0, 0, SLOW_DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, council, 0, 1 ether)
        );
        governor.propose(_list(address(lane)), new uint256[](1), _calldatas(data), "weaker");
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, council));
        governor.relay(address(lane), 0, data);
        vm.stopPrank();
        vm.assertEq(lane.policyOf(address(vault)).threshold, 3);
        vm.assertEq(lane.nonceOf(address(vault)), 2);
    }

    function _calldatas(bytes memory data) private pure returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = data;
    }

    /// @dev As a guardian the Governor would be no quick one: it has no caller but the timelock, a vote and a delay later.
    function test_T15_theGovernorIsNoGuardianUnlessAVoteMakesItOne() public {
        _pass(_registration());
        bytes memory halt = abi.encodeCall(IFastTrack.halt, ("by vote"));
        vm.prank(voter);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, voter));
        governor.relay(address(lane), 0, halt);

        bytes memory grant = abi.encodeCall(slow.grantRole, (keccak256("GUARDIAN_ROLE"), address(governor)));
        _pass(_proposal(address(lane), grant));
        _pass(_proposal(address(governor), abi.encodeCall(governor.relay, (address(lane), 0, halt))));
        _assertLane(address(vault), LaneStatus.Halted);
        _pass(_proposal(address(lane), abi.encodeCall(IFastTrack.resume, ())));

        // A veto too, of a statement whose window outlasts vote and delay.
        uint256 commitment = _schedule(_vaultPatch(1), address(vault));
        bytes memory veto = abi.encodeCall(IFastTrack.veto, (commitment, "by vote"));
        _pass(_proposal(address(governor), abi.encodeCall(governor.relay, (address(lane), 0, veto))));
        _assertState(commitment, StatementState.Vetoed);
    }

    function test_T15_noGuardianCancelsWhatAVoteQueued() public {
        Proposal memory p = _registration();
        _approve(p);
        _queue(p);
        bytes32 salt = bytes32(bytes20(address(governor))) ^ p.descriptionHash;
        bytes32 operation = slow.hashOperationBatch(p.targets, p.values, p.calldatas, 0, salt);
        address[2] memory others = [council, guardian];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(_refusedRole(others[i], slow.CANCELLER_ROLE()));
            vm.prank(others[i]);
            slow.cancel(operation);
        }
        vm.assertTrue(slow.isOperationPending(operation));
    }
}
