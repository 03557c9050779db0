// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.18 <0.9.0;

/// @title Calls of a Foundry test as vectors
/// @notice A test that inherits this says `vault = Vault(recorded("vault", address(vault)))` at the end of its setup.
/// In an ordinary run that is the vault itself. Under `sealpatch vectors record foundry` it is a contract in front of
/// it, which passes every call on as from the same sender, and prints what the call found and what it did.
abstract contract RecordedCalls {
    /// @param label by which `--target` names the contract.
    /// @param target the contract whose calls are recorded, and which is to be judged.
    /// @return where the test has to call it.
    function recorded(string memory label, address target) internal returns (address) {
        return recorded(label, target, target);
    }

    /// @param subject the contract that is to be judged, where `target` is another one that calls it.
    function recorded(string memory label, address target, address subject) internal returns (address) {
        if (!RECORDING_VM.envOr("SEALPATCH_RECORD", false)) return target;
        return address(new CallRecorder(label, target, subject));
    }
}

/// @dev The cheat codes that recording needs, as Foundry's own interface declares them.
interface RecordingVm {
    struct ChainInfo {
        uint256 forkId;
        uint256 chainId;
    }

    struct StorageAccess {
        address account;
        bytes32 slot;
        bool isWrite;
        bytes32 previousValue;
        bytes32 newValue;
        bool reverted;
    }

    struct AccountAccess {
        ChainInfo chainInfo;
        uint8 kind;
        address account;
        address accessor;
        bool initialized;
        uint256 oldBalance;
        uint256 newBalance;
        bytes deployedCode;
        uint256 value;
        bytes data;
        bool reverted;
        StorageAccess[] storageAccesses;
        uint64 depth;
        uint64 oldNonce;
        uint64 newNonce;
    }

    function envOr(string calldata name, bool otherwise) external view returns (bool);
    function deal(address account, uint256 balance) external;
    function load(address account, bytes32 slot) external view returns (bytes32);
    function getNonce(address account) external view returns (uint64);
    function readCallers() external view returns (uint8 mode, address sender, address origin);
    function prank(address sender, address origin) external;
    function startPrank(address sender, address origin) external;
    function stopPrank() external;
    function startStateDiffRecording() external;
    function stopAndReturnStateDiff() external returns (AccountAccess[] memory);
}

RecordingVm constant RECORDING_VM = RecordingVm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev Stands in front of a contract, passes every call on and prints it for `src/vectors/record/record-foundry.ts`.
contract CallRecorder {
    struct Environment {
        uint256 timestamp;
        uint256 number;
        uint256 chainId;
        address coinbase;
        uint256 prevRandao;
        uint256 baseFee;
        uint256 blobBaseFee;
        uint256 gasLimit;
        uint256 gasPrice;
        address origin;
    }

    struct Account {
        address account;
        uint256 balance;
        uint64 nonce;
        uint256 codeSize;
        bytes code;
    }

    struct Call {
        string label;
        address subject;
        address target;
        bytes data;
        uint256 value;
        bool success;
        bytes returnData;
        Environment environment;
        /// The subject's, before the call: the ERC-1967 slots tell where its code is.
        bytes32 implementationSlot;
        bytes32 beaconSlot;
        /// The sender before the call.
        Account sender;
        /// Every account that the call touched, after it; the sender among them.
        Account[] accounts;
        RecordingVm.AccountAccess[] accesses;
    }

    bytes32 private constant IMPLEMENTATION_SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    bytes32 private constant BEACON_SLOT = 0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50;
    address private constant CONSOLE = 0x000000000000000000636F6e736F6c652e6c6f67;
    /// Foundry's name for a prank that lasts until it is stopped.
    uint8 private constant RECURRENT_PRANK = 4;
    /// EIP-170. A test contract, which may be larger, is no account of a chain.
    uint256 private constant MAX_CODE_SIZE = 24_576;

    string private label;
    address private immutable TARGET;
    address private immutable SUBJECT;
    address private immutable BLOB_BASE_FEE;

    constructor(string memory label_, address target, address subject) {
        label = label_;
        TARGET = target;
        SUBJECT = subject;
        // Makes a contract that returns what the instruction BLOBBASEFEE says (4a 6000 52 6020 6000 f3): compilers before
        // 0.8.24 do not know it, and Foundry's getBlobBaseFee says what was set and not what the instruction does.
        bytes memory initCode = hex"684a60005260206000f360005260096017f3";
        address made;
        assembly ("memory-safe") {
            made := create(0, add(initCode, 32), mload(initCode))
        }
        BLOB_BASE_FEE = made;
    }

    fallback() external payable {
        if (msg.value > 0) {
            // The value is the sender's again: the call that is passed on takes it from there.
            RECORDING_VM.deal(msg.sender, msg.sender.balance + msg.value);
            RECORDING_VM.deal(address(this), address(this).balance - msg.value);
        }
        Call memory done;
        done.label = label;
        done.subject = SUBJECT;
        done.target = TARGET;
        done.data = msg.data;
        done.value = msg.value;
        done.environment = environment();
        done.implementationSlot = RECORDING_VM.load(SUBJECT, IMPLEMENTATION_SLOT);
        done.beaconSlot = RECORDING_VM.load(SUBJECT, BEACON_SLOT);
        done.sender = present(msg.sender);

        // Within a prank of the test only one of the same kind is allowed.
        (uint8 mode,,) = RECORDING_VM.readCallers();
        if (mode == RECURRENT_PRANK) RECORDING_VM.startPrank(msg.sender, tx.origin);
        else RECORDING_VM.prank(msg.sender, tx.origin);
        RECORDING_VM.startStateDiffRecording();
        (done.success, done.returnData) = TARGET.call{value: msg.value}(msg.data);
        done.accesses = RECORDING_VM.stopAndReturnStateDiff();
        if (mode == RECURRENT_PRANK) RECORDING_VM.stopPrank();

        done.accounts = touched(done.accesses);
        print(abi.encode(done));
        bytes memory answer = done.returnData;
        if (!done.success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        assembly ("memory-safe") {
            return(add(answer, 32), mload(answer))
        }
    }

    function environment() private view returns (Environment memory) {
        return Environment({
            timestamp: block.timestamp,
            number: block.number,
            chainId: block.chainid,
            coinbase: block.coinbase,
            prevRandao: block.prevrandao,
            baseFee: block.basefee,
            blobBaseFee: blobBaseFee(),
            gasLimit: block.gaslimit,
            gasPrice: tx.gasprice,
            origin: tx.origin
        });
    }

    /// @dev 1, the lowest price, before Cancun, which has no such instruction.
    function blobBaseFee() private view returns (uint256) {
        (bool known, bytes memory answer) = BLOB_BASE_FEE.staticcall{gas: 10_000}("");
        return known && answer.length == 32 ? abi.decode(answer, (uint256)) : 1;
    }

    function present(address account) private view returns (Account memory) {
        uint256 size = account.code.length;
        bytes memory code = size > MAX_CODE_SIZE ? bytes("") : account.code;
        return Account(account, account.balance, RECORDING_VM.getNonce(account), size, code);
    }

    /// @dev The sender and every account of the accesses, each once.
    function touched(RecordingVm.AccountAccess[] memory accesses) private view returns (Account[] memory accounts) {
        address[] memory known = new address[](accesses.length + 1);
        known[0] = msg.sender;
        uint256 count = 1;
        for (uint256 i = 0; i < accesses.length; i++) {
            uint256 k = 0;
            while (k < count && known[k] != accesses[i].account) k++;
            if (k == count) known[count++] = accesses[i].account;
        }
        accounts = new Account[](count);
        for (uint256 i = 0; i < count; i++) {
            accounts[i] = present(known[i]);
        }
    }

    function print(bytes memory record) private view {
        bytes16 digits = "0123456789abcdef";
        bytes memory text = new bytes(2 * record.length);
        for (uint256 i = 0; i < record.length; i++) {
            text[2 * i] = digits[uint8(record[i]) >> 4];
            text[2 * i + 1] = digits[uint8(record[i]) & 15];
        }
        string memory line = string.concat("sealpatch:call:0x", string(text));
        (bool printed,) = CONSOLE.staticcall(abi.encodeWithSignature("log(string)", line));
        require(printed, "no console");
    }
}
