// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @dev Upgrade functions that stand on the upgraded address itself: UUPS of OpenZeppelin 4.x and 5.x, and beacons.
interface IUpgradeableAddress {
    function upgradeTo(address implementation) external;
    function upgradeToAndCall(address implementation, bytes calldata data) external payable;
    function implementation() external view returns (address);
}

/// @dev Upgrade functions of OpenZeppelin's ProxyAdmin, 4.x and 5.x together.
interface IProxyAdmin {
    function upgrade(address proxy, address implementation) external;
    function upgradeAndCall(address proxy, address implementation, bytes calldata data) external payable;
    function changeProxyAdmin(address proxy, address newAdmin) external;
    function getProxyImplementation(address proxy) external view returns (address);
}

/// @dev Functions that hand the power to upgrade to somebody else.
interface IHandover {
    function changeAdmin(address newAdmin) external;
    function transferOwnership(address newOwner) external;
    function renounceOwnership() external;
    function grantRole(bytes32 role, address account) external;
}
