// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {BaselineView, LaneStatus, ProxyKind, StatementState} from "../../contracts/types/FastTrackTypes.sol";
import {IFastTrack} from "../../contracts/interfaces/IFastTrack.sol";
import {UUPSVault, UUPSVaultFixed} from "./mocks/Vaults.sol";
import {LaneFixture, Patch} from "./support/LaneFixture.sol";

/**
 * @dev Council, guardians, executor, governance and strangers at work in any order, on three proxies. The handler keeps
 * its own books from the rules alone; the invariants compare them with the chain.
 */
contract LaneHandler is LaneFixture {
    struct Entry {
        address proxy;
        uint256 patch;
        uint256 eta;
        uint256 end;
        uint256 nonce;
        uint256 dueAt;
        StatementState status;
        bool cleared;
    }

    UUPSVault[3] internal vaults;
    Patch[8] internal patches;
    uint256[] public commitments;
    mapping(uint256 commitment => Entry) public entries;
    mapping(uint256 patch => bool) public scheduled;
    mapping(address proxy => address) public implementationOf;
    mapping(address proxy => bool) public staleOf;
    mapping(address proxy => uint256) public nonceOf;
    bool public haltedByBooks;
    uint256 public executions;
    uint256 public disclosures;
    uint256 public refusals;
    // Set where the chain took what the books refuse, or the other way round.
    string public contradiction;

    constructor() {
        setUp();
        vaults[0] = vault;
        for (uint256 i = 1; i < 3; ++i) {
            vaults[i] = _newVault();
            _register(address(vaults[i]), _policy(ProxyKind.UUPS, address(0)), _implementationOf(address(vaults[i])));
        }
        for (uint256 i = 0; i < 8; ++i) {
            patches[i] = _vaultPatch(i + 1);
        }
        for (uint256 i = 0; i < 3; ++i) {
            implementationOf[address(vaults[i])] = _implementationOf(address(vaults[i]));
            nonceOf[address(vaults[i])] = 2;
        }
        vm.deal(address(lane), 1 ether);
    }

    function proxy(uint256 index) external view returns (address) {
        return address(vaults[index]);
    }

    function timelock() external view returns (IFastTrack) {
        return lane;
    }

    function commitmentCount() external view returns (uint256) {
        return commitments.length;
    }

    function _frozen() internal view returns (bool) {
        for (uint256 i = 0; i < commitments.length; ++i) {
            Entry storage entry = entries[commitments[i]];
            if (entry.status == StatementState.Executed && !entry.cleared && entry.dueAt < block.timestamp) {
                return true;
            }
        }
        return false;
    }

    function frozen() external view returns (bool) {
        return _frozen();
    }

    function _dueTimes() internal view returns (uint256 count) {
        for (uint256 i = 0; i < commitments.length; ++i) {
            Entry storage entry = entries[commitments[i]];
            if (entry.status == StatementState.Executed && !entry.cleared) ++count;
        }
    }

    function _closed(address target) internal view returns (bool) {
        return haltedByBooks || _frozen() || staleOf[target];
    }

    /// @dev The state of `commitment` by the books.
    function stateByBooks(uint256 commitment) public view returns (StatementState) {
        Entry storage entry = entries[commitment];
        if (entry.status != StatementState.Scheduled) return entry.status;
        if (entry.nonce != nonceOf[entry.proxy]) return StatementState.Superseded;
        return block.timestamp > entry.end ? StatementState.Expired : StatementState.Scheduled;
    }

    function _note(bool success, bool expected, string memory what) internal returns (bool) {
        if (success != expected) contradiction = what;
        if (!success) ++refusals;
        return success;
    }

    function scheduleOne(uint256 which, uint256 target, bool byCouncil) external {
        which %= 8;
        address proxy_ = address(vaults[target % 3]);
        _prove(patches[which], proxy_, _validUntil());
        bytes memory data =
            abi.encodeCall(IFastTrack.schedule, (_statement(patches[which], proxy_), new bytes32[](0), _proof()));
        vm.prank(byCouncil ? council : stranger);
        (bool success,) = address(lane).call(data);
        if (!_note(success, byCouncil && !scheduled[which] && !_closed(proxy_), "schedule")) return;
        scheduled[which] = true;
        uint256 commitment = patches[which].commitment;
        commitments.push(commitment);
        entries[commitment] = Entry({
            proxy: proxy_,
            patch: which,
            eta: block.timestamp + DELAY,
            end: block.timestamp + DELAY + GRACE,
            nonce: nonceOf[proxy_],
            dueAt: 0,
            status: StatementState.Scheduled,
            cleared: false
        });
    }

    function executeOne(uint256 which, bool byExecutor, bool honest) external {
        if (commitments.length == 0) return;
        uint256 commitment = commitments[which % commitments.length];
        Entry storage entry = entries[commitment];
        // A dishonest executor brings the code of another patch.
        Patch memory patch = patches[honest ? entry.patch : (entry.patch + 1) % 8];
        bytes memory data = abi.encodeCall(IFastTrack.execute, (commitment, patch.code, patch.opening, _proof()));
        bool expected = byExecutor && honest && stateByBooks(commitment) == StatementState.Scheduled
            && block.timestamp >= entry.eta && !_closed(entry.proxy) && _dueTimes() < 8;
        vm.prank(byExecutor ? executor : stranger);
        (bool success,) = address(lane).call(data);
        if (!_note(success, expected, "execute")) return;
        ++executions;
        entry.status = StatementState.Executed;
        entry.dueAt = block.timestamp + DISCLOSURE;
        ++nonceOf[entry.proxy];
        implementationOf[entry.proxy] = _addressOf(patch);
    }

    function vetoOne(uint256 which, bool byGuardian) external {
        if (commitments.length == 0) return;
        uint256 commitment = commitments[which % commitments.length];
        bool expected = byGuardian && stateByBooks(commitment) == StatementState.Scheduled;
        vm.prank(byGuardian ? guardian : stranger);
        (bool success,) = address(lane).call(abi.encodeCall(IFastTrack.veto, (commitment, "")));
        if (_note(success, expected, "veto")) entries[commitment].status = StatementState.Vetoed;
    }

    function discloseOne(uint256 which, bool byCouncil, bool honest) external {
        if (commitments.length == 0) return;
        uint256 commitment = commitments[which % commitments.length];
        Entry storage entry = entries[commitment];
        Patch memory patch = patches[honest ? entry.patch : (entry.patch + 1) % 8];
        bool late = entry.cleared || block.timestamp > entry.dueAt;
        bool again = byCouncil && entry.status == StatementState.Disclosed;
        bool expected = honest && (again || (entry.status == StatementState.Executed && (byCouncil || late)));
        vm.prank(byCouncil ? council : stranger);
        (bool success,) =
            address(lane).call(abi.encodeCall(IFastTrack.disclose, (commitment, patch.secret, bytes32(0), "")));
        if (!_note(success, expected, "disclose") || again) return;
        entry.status = StatementState.Disclosed;
        ++disclosures;
    }

    function clearOne(uint256 which) external {
        if (commitments.length == 0) return;
        uint256 commitment = commitments[which % commitments.length];
        Entry storage entry = entries[commitment];
        bool expected = entry.status == StatementState.Executed && !entry.cleared && block.timestamp > entry.dueAt;
        vm.prank(address(lane));
        (bool success,) = address(lane).call(abi.encodeCall(IFastTrack.clearFreeze, (commitment)));
        if (_note(success, expected, "clearFreeze")) entry.cleared = true;
    }

    function haltOrResume(uint256 dice) external {
        // Mostly open, so that something happens.
        if (haltedByBooks) {
            vm.prank(address(lane));
            lane.resume();
            haltedByBooks = false;
        } else if (dice % 4 == 0) {
            vm.prank(guardian);
            lane.halt("");
            haltedByBooks = true;
        }
    }

    /// @dev Governance upgrades by the slow path, and sets the baseline anew half of the time.
    function slowUpgrade(uint256 target, uint256 dice) external {
        if (dice % 3 != 0) return;
        address proxy_ = address(vaults[target % 3]);
        address implementation = address(new UUPSVaultFixed(address(lane), dice));
        bytes memory data = abi.encodeCall(UUPSVault(proxy_).upgradeToAndCall, (implementation, ""));
        _govern(proxy_, data);
        implementationOf[proxy_] = implementation;
        staleOf[proxy_] = true;
        if (dice % 2 == 0) _renew(proxy_);
    }

    function renewBaseline(uint256 target) external {
        address proxy_ = address(vaults[target % 3]);
        if (staleOf[proxy_]) _renew(proxy_);
    }

    function _renew(address proxy_) internal {
        _govern(address(lane), abi.encodeCall(IFastTrack.setBaseline, (proxy_, implementationOf[proxy_], LAYOUT, CODE)));
        staleOf[proxy_] = false;
        ++nonceOf[proxy_];
    }

    /// @dev Everybody tries to change the rules from outside.
    function meddle(uint256 who, uint256 what, uint256 target) external {
        address[5] memory callers = [proposer, executor, council, guardian, stranger];
        address proxy_ = address(vaults[target % 3]);
        bytes[6] memory calls = [
            abi.encodeCall(IFastTrack.setPolicy, (proxy_, _policy(ProxyKind.UUPS, address(0)))),
            abi.encodeCall(IFastTrack.removePolicy, (proxy_)),
            abi.encodeCall(IFastTrack.setBaseline, (proxy_, implementationOf[proxy_], LAYOUT, CODE)),
            abi.encodeCall(IFastTrack.setVerifier, (patchVerifier)),
            abi.encodeCall(IFastTrack.resume, ()),
            abi.encodeWithSignature("grantRole(bytes32,address)", keccak256("COUNCIL_ROLE"), stranger)
        ];
        vm.prank(callers[who % 5]);
        (bool success,) = address(lane).call(calls[what % 6]);
        _note(success, false, "meddle");
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + _bound(time, 1, 3 days));
    }
}

contract InvariantsTest is LaneFixture {
    LaneHandler internal handler;

    function setUp() public override {
        handler = new LaneHandler();
        lane = handler.timelock();
    }

    function targetContracts() public view returns (address[] memory) {
        return _list(address(handler));
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory selectors = new bytes4[](14);
        // The steps of a life more often than the rest.
        selectors[0] = LaneHandler.scheduleOne.selector;
        selectors[1] = LaneHandler.scheduleOne.selector;
        selectors[2] = LaneHandler.executeOne.selector;
        selectors[3] = LaneHandler.executeOne.selector;
        selectors[4] = LaneHandler.executeOne.selector;
        selectors[5] = LaneHandler.discloseOne.selector;
        selectors[6] = LaneHandler.vetoOne.selector;
        selectors[7] = LaneHandler.clearOne.selector;
        selectors[8] = LaneHandler.haltOrResume.selector;
        selectors[9] = LaneHandler.slowUpgrade.selector;
        selectors[10] = LaneHandler.renewBaseline.selector;
        selectors[11] = LaneHandler.meddle.selector;
        selectors[12] = LaneHandler.wait.selector;
        selectors[13] = LaneHandler.wait.selector;
        targets[0].selectors = selectors;
    }

    function invariant_P01_P02_P03_P04_P06_P07_P10_P11_theChainAgreesWithTheBooks() public view {
        _checkCalls();
        for (uint256 i = 0; i < 3; ++i) {
            _checkProxy(handler.proxy(i));
        }
        // P11: the timelock's ether stays where it is.
        vm.assertEq(address(lane).balance, 1 ether, "P11");
    }

    /// @dev P01, P02, P03, P06: the chain took a call exactly where the rules allow it.
    function _checkCalls() internal view {
        vm.assertEq(bytes(handler.contradiction()), "", "contradiction");
        for (uint256 i = 0; i < handler.commitmentCount(); ++i) {
            uint256 commitment = handler.commitments(i);
            vm.assertEq(uint256(lane.state(commitment)), uint256(handler.stateByBooks(commitment)), "state");
        }
    }

    function _checkProxy(address proxy) internal view {
        // P01: the implementation changed by an execution or by the slow path.
        vm.assertTrue(_implementationOf(proxy) == handler.implementationOf(proxy), "P01");
        // P10: a slow-path upgrade is never missed.
        BaselineView memory baseline = lane.baselineOf(proxy);
        vm.assertTrue(baseline.stale == handler.staleOf(proxy), "P10");
        vm.assertEq(lane.nonceOf(proxy), handler.nonceOf(proxy), "nonce");
        // P04: a lane that is open knows the code behind its proxy.
        (bool open, LaneStatus reason) = lane.laneStatus(proxy);
        if (open) {
            vm.assertTrue(baseline.implementation == _implementationOf(proxy), "P04");
            vm.assertEq(baseline.codehash, _implementationOf(proxy).codehash, "P04");
        }
        // P07: frozen exactly while a disclosure is overdue.
        if (!handler.haltedByBooks()) vm.assertTrue((reason == LaneStatus.Frozen) == handler.frozen(), "P07");
    }

    /// @dev A walk that is always the same: the invariant is worth nothing where nothing happens.
    function test_aLongWalkMeetsEveryKindOfStep() public {
        bool frozen;
        for (uint256 i = 0; i < 600; ++i) {
            uint256 dice = uint256(keccak256(abi.encode("walk", i)));
            uint256 a = dice >> 8;
            uint256 b = dice >> 72;
            bool honest = (dice >> 136) % 5 != 0;
            bool authorised = (dice >> 144) % 5 != 0;
            uint256 kind = dice % 14;
            if (kind <= 1) handler.scheduleOne(a, b, authorised);
            else if (kind <= 5) handler.executeOne(a, authorised, honest);
            else if (kind == 6) handler.discloseOne(a, authorised, honest);
            else if (kind == 7) handler.vetoOne(a, (dice >> 152) % 4 == 0);
            else if (kind == 8) handler.clearOne(a);
            else if (kind == 9) handler.haltOrResume(a);
            else if (kind == 10) handler.slowUpgrade(a, b);
            else if (kind == 11) handler.renewBaseline(a);
            else if (kind == 12) handler.meddle(a, b, dice >> 160);
            else handler.wait(a);
            frozen = frozen || handler.frozen();
            invariant_P01_P02_P03_P04_P06_P07_P10_P11_theChainAgreesWithTheBooks();
        }
        vm.assertTrue(handler.executions() != 0, "executed");
        vm.assertTrue(handler.disclosures() != 0, "disclosed");
        vm.assertTrue(handler.refusals() > 50, "refused");
        vm.assertTrue(frozen, "frozen");
    }
}
