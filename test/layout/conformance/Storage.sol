// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.6.12;

// Pairs of storage.test.ts, storage/report.test.ts and storage/report-gap.test.ts: contract names are theirs, the text is ours.

contract StorageUpgrade_Equal_V1 {
    uint256 supply;

    function mint() external {}
}

contract StorageUpgrade_Equal_V2 {
    uint256 supply;

    function mint() external {}

    function burn() external {}
}

contract StorageUpgrade_Append_V1 {
    uint256 supply;
}

contract StorageUpgrade_Append_V2 {
    uint256 supply;
    uint256 cap;
}

contract StorageUpgrade_Delete_V1 {
    uint256 supply;
    address owner;
}

contract StorageUpgrade_Delete_V2 {
    address owner;
}

contract StorageUpgrade_Replace_V1 {
    uint256 supply;
    uint256 cap;
    uint256 fee;
}

contract StorageUpgrade_Replace_V2 {
    uint256 supply;
    string motto;
    uint256 fee;
}

contract StorageUpgrade_Rename_V1 {
    uint256 supply;
    uint256 cap;
    uint256 fee;
}

contract StorageUpgrade_Rename_V2 {
    uint256 supply;
    uint256 ceiling;
    uint256 fee;
}

contract StorageUpgrade_ObviousMismatch_V1 {
    struct Rate {
        uint256 perSecond;
    }

    uint256 supply;
    Rate rate;
    uint256[] history;
}

contract StorageUpgrade_ObviousMismatch_V2_Bad {
    string supply;
    uint256 rate;
    mapping(uint256 => uint256) history;
}

contract StorageUpgrade_FunctionType_Visibility_V1 {
    struct Hook {
        function() internal run;
    }

    Hook hook;
}

contract StorageUpgrade_FunctionType_Visibility_V2_Bad {
    struct Hook {
        function() external run;
    }

    Hook hook;
}

contract StorageUpgrade_Struct_V1 {
    struct Limits {
        uint256 daily;
    }

    struct Vault {
        uint256 assets;
        string name;
        string symbol;
        Limits limits;
    }

    Vault shortened;
    Vault lengthened;
    mapping(uint256 => Vault) byId;
    Vault[10] shortenedInArray;
    Vault[10] lengthenedInArray;
    Vault retyped;
}

contract StorageUpgrade_Struct_V2_Ok {
    struct Limits {
        uint256 daily;
    }

    struct Safe {
        uint256 assets;
        string name;
        string symbol;
        Limits limits;
    }

    struct SafeWithFee {
        uint256 assets;
        string name;
        string symbol;
        Limits limits;
        uint256 fee;
    }

    Safe shortened;
    Safe lengthened;
    mapping(uint256 => SafeWithFee) byId;
    Safe[10] shortenedInArray;
    Safe[10] lengthenedInArray;
    Safe retyped;
}

contract StorageUpgrade_Struct_V2_Bad {
    struct Limits {
        uint256 daily;
    }

    struct MoreLimits {
        uint256 daily;
        uint256 weekly;
    }

    struct Nameless {
        uint256 assets;
        string symbol;
        Limits limits;
    }

    struct SafeWithFee {
        uint256 assets;
        string name;
        string symbol;
        Limits limits;
        uint256 fee;
    }

    struct Shuffled {
        string assets;
        uint256 name;
        string symbol;
        MoreLimits limits;
    }

    Nameless shortened;
    SafeWithFee lengthened;
    mapping(uint256 => Nameless) byId;
    Nameless[10] shortenedInArray;
    SafeWithFee[10] lengthenedInArray;
    Shuffled retyped;
}

contract StorageUpgrade_Enum_V1 {
    enum Phase { Open, Closed }

    Phase first;
    Phase second;
    Phase third;
    Phase fourth;
}

contract StorageUpgrade_Enum_V2_Ok {
    enum Stage { Open, Closed }
    enum MoreStages { Open, Closed, Settled }

    MoreStages first;
    Stage second;
    Stage third;
    Stage fourth;
}

contract StorageUpgrade_Enum_V2_Bad {
    enum Fewer { Open }
    enum Other { Open, Settled }
    enum Shifted { Planned, Open, Closed }

    // 257 members: the last does not fit one byte.
    enum TwoBytes {
        Open, Closed,
        M2, M3, M4, M5, M6, M7, M8, M9, M10, M11, M12, M13, M14, M15, M16, M17, M18, M19, M20, M21, M22, M23,
        M24, M25, M26, M27, M28, M29, M30, M31, M32, M33, M34, M35, M36, M37, M38, M39, M40, M41, M42, M43,
        M44, M45, M46, M47, M48, M49, M50, M51, M52, M53, M54, M55, M56, M57, M58, M59, M60, M61, M62, M63,
        M64, M65, M66, M67, M68, M69, M70, M71, M72, M73, M74, M75, M76, M77, M78, M79, M80, M81, M82, M83,
        M84, M85, M86, M87, M88, M89, M90, M91, M92, M93, M94, M95, M96, M97, M98, M99, M100, M101, M102,
        M103, M104, M105, M106, M107, M108, M109, M110, M111, M112, M113, M114, M115, M116, M117, M118, M119,
        M120, M121, M122, M123, M124, M125, M126, M127, M128, M129, M130, M131, M132, M133, M134, M135, M136,
        M137, M138, M139, M140, M141, M142, M143, M144, M145, M146, M147, M148, M149, M150, M151, M152, M153,
        M154, M155, M156, M157, M158, M159, M160, M161, M162, M163, M164, M165, M166, M167, M168, M169, M170,
        M171, M172, M173, M174, M175, M176, M177, M178, M179, M180, M181, M182, M183, M184, M185, M186, M187,
        M188, M189, M190, M191, M192, M193, M194, M195, M196, M197, M198, M199, M200, M201, M202, M203, M204,
        M205, M206, M207, M208, M209, M210, M211, M212, M213, M214, M215, M216, M217, M218, M219, M220, M221,
        M222, M223, M224, M225, M226, M227, M228, M229, M230, M231, M232, M233, M234, M235, M236, M237, M238,
        M239, M240, M241, M242, M243, M244, M245, M246, M247, M248, M249, M250, M251, M252, M253, M254, M255,
        M256,
        M257
    }

    Fewer first;
    Other second;
    Shifted third;
    TwoBytes fourth;
}

contract StorageUpgrade_Recursive_V1 {
    struct Folder {
        mapping(uint256 => Folder) children;
    }

    Folder root;
}

contract StorageUpgrade_Recursive_V2 {
    struct Folder {
        mapping(uint256 => Folder) children;
    }

    Folder root;
}

contract StorageUpgrade_Contract_V1 {
    StorageUpgrade_Contract_V1 twin;
}

contract StorageUpgrade_Contract_V2 {
    StorageUpgrade_Contract_V2 twin;
}

contract StorageUpgrade_Array_V1 {
    uint256[20] shrunk;
    uint256[20] grown;
    uint256[20] madeDynamic;
    uint256[] madeStatic;
    mapping(uint256 => uint256[20]) rows;
}

contract StorageUpgrade_Array_V2_Ok {
    uint256[20] shrunk;
    uint256[20] grown;
    uint256[20] madeDynamic;
    uint256[] madeStatic;
    mapping(uint256 => uint256[30]) rows;
}

contract StorageUpgrade_Array_V2_Bad {
    uint256[10] shrunk;
    uint256[30] grown;
    uint256[] madeDynamic;
    uint256[20] madeStatic;
    mapping(uint256 => uint256[10]) rows;
}

contract StorageUpgrade_Mapping_V1 {
    mapping(uint256 => uint256[10]) rows;
    mapping(string => uint256) byName;
}

contract StorageUpgrade_Mapping_V2_Ok {
    mapping(uint256 => uint256[10]) rows;
    mapping(string => uint256) byName;
}

contract StorageUpgrade_Mapping_V2_Bad {
    mapping(uint256 => uint256) rows;
    mapping(bool => uint256) byName;
}

enum Suit { Hearts, Spades }
enum MoreSuits { Hearts, Spades, Clubs }
enum OtherSuits { Cups, Coins }

contract Token {}

contract StorageUpgrade_MappingEnumKey_V1 {
    mapping(Suit => uint256) same;
    mapping(Suit => uint256) bySuit;
    mapping(uint8 => uint256) byNumber;
    mapping(Token => uint256) byToken;
}

contract StorageUpgrade_MappingEnumKey_V2_Ok {
    mapping(Suit => uint256) same;
    mapping(MoreSuits => uint256) bySuit;
    mapping(uint8 => uint256) byNumber;
    mapping(Token => uint256) byToken;
}

contract StorageUpgrade_MappingEnumKey_V2_Bad {
    mapping(Suit => uint256) same;
    mapping(OtherSuits => uint256) bySuit;
    mapping(Suit => uint256) byNumber;
    mapping(uint256 => uint256) byToken;
}

contract StorageUpgrade_StructEnum_V2 {
    enum Phase { Open, Closed }

    struct Poll {
        string question;
        address[] voters;
        address author;
        Phase phase;
    }

    Poll[] public polls;
}

contract StorageUpgrade_Gap_V1 {
    uint256 supply;
    uint256 cap;
    uint256[48] __gap;
    uint256 fee;
}

contract StorageUpgrade_Gap_V2_Ok {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    uint256[47] __gap;
    uint256 fee;
}

// One variable more, and the gap as large as before.
contract StorageUpgrade_Gap_V2_Bad1 {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    uint256[48] __gap;
    uint256 fee;
}

// One variable less, and the gap takes its place.
contract StorageUpgrade_Gap_V2_Bad2 {
    uint256 supply;
    uint256[49] __gap;
    uint256 fee;
}

// The gap is smaller, and nothing takes the place.
contract StorageUpgrade_Gap_V2_Bad3 {
    uint256 supply;
    uint256 cap;
    uint256[47] __gap;
    uint256 fee;
}

// One variable more, and the gap two smaller.
contract StorageUpgrade_Gap_V2_Bad4 {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    uint256[46] __gap;
    uint256 fee;
}

// Two variables more, and the gap one smaller.
contract StorageUpgrade_Gap_V2_Bad5 {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    uint256 minted;
    uint256[47] __gap;
    uint256 fee;
}

contract StorageUpgrade_Bytes32Gap_V1 {
    uint256 supply;
    uint256 cap;
    bytes32[48] __gap;
    uint256 fee;
}

contract StorageUpgrade_Bytes32Gap_V2_Ok {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    bytes32[47] __gap;
    uint256 fee;
}

contract StorageUpgrade_Bytes32Gap_V2_Bad1 {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    bytes32[48] __gap;
    uint256 fee;
}

contract StorageUpgrade_Bytes32Gap_V2_Bad2 {
    uint256 supply;
    bytes32[49] __gap;
    uint256 fee;
}

contract StorageUpgrade_Bytes32Gap_V2_Bad3 {
    uint256 supply;
    uint256 cap;
    bytes32[47] __gap;
    uint256 fee;
}

contract StorageUpgrade_Bytes32Gap_V2_Bad4 {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    bytes32[46] __gap;
    uint256 fee;
}

contract StorageUpgrade_Bytes32Gap_V2_Bad5 {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    uint256 minted;
    bytes32[47] __gap;
    uint256 fee;
}

contract StorageUpgrade_MultiConsumeGap_V1 {
    uint256[2] __gap;
}

contract StorageUpgrade_MultiConsumeGap_V2_Ok {
    uint256 supply;
    uint256 cap;
}

contract StorageUpgrade_EndGap_V1a {
    uint256 supply;
    uint256[1] private __gap;
}

contract StorageUpgrade_EndGap_V1b is StorageUpgrade_EndGap_V1a {
    uint256[2] private __gap;
}

contract StorageUpgrade_EndGap_V1c is StorageUpgrade_EndGap_V1b {
    uint256 cap;
}

contract StorageUpgrade_EndGap_V2a {
    uint256 supply;
    uint256[1] recent;
}

contract StorageUpgrade_EndGap_V2b is StorageUpgrade_EndGap_V2a {
    uint256 paused;
    uint256 minted;
    uint256 cap;
}

contract StorageUpgrade_EndGap_Uint128_V1a {
    uint128 supply;
    uint256[1] private __gap;
}

contract StorageUpgrade_EndGap_Uint128_V1b is StorageUpgrade_EndGap_Uint128_V1a {
    uint256[2] private __gap;
}

contract StorageUpgrade_EndGap_Uint128_V1c is StorageUpgrade_EndGap_Uint128_V1b {
    uint128 cap;
}

contract StorageUpgrade_EndGap_Uint128_V2a {
    uint128 supply;
    uint128[1] recent;
}

contract StorageUpgrade_EndGap_Uint128_V2b is StorageUpgrade_EndGap_Uint128_V2a {
    uint128[4] rates;
    uint128 cap;
}

contract StorageUpgrade_Uint256Gap_Address_V1 {
    address owner;
    address oracle;
    uint256[48] __gap;
    address treasury;
}

contract StorageUpgrade_Uint256Gap_Address_V2 {
    address owner;
    address oracle;
    address keeper;
    uint256[47] __gap;
    address treasury;
}

contract StorageUpgrade_AddressGap_V1 {
    address owner;
    address oracle;
    address[48] __gap;
    address treasury;
}

contract StorageUpgrade_AddressGap_V2 {
    address owner;
    address oracle;
    address keeper;
    address[47] __gap;
    address treasury;
}

contract StorageUpgrade_Uint128Gap_V1 {
    uint128 supply;
    uint128[49] __gap;
    uint128 fee;
}

// The new variable fills the free half of the first slot.
contract StorageUpgrade_Uint128Gap_V2_Ok {
    uint128 supply;
    uint128 cap;
    uint128[49] __gap;
    uint128 fee;
}

// 48 halves of a slot need one slot less than 49 do.
contract StorageUpgrade_Uint128Gap_V2b_Ok {
    uint128 supply;
    uint128 cap;
    uint128 paused;
    uint128[48] __gap;
    uint128 fee;
}

contract StorageUpgrade_Uint128Gap_V2_Bad {
    uint128 supply;
    uint128 cap;
    uint128 paused;
    uint128[49] __gap;
    uint128 fee;
}

contract StorageUpgrade_BoolGap_V1 {
    bool[32] listed;
    bool[32] frozen;
    bool[32] __gap;
    bool paused;
}

// What follows an array starts a slot: `paused` stays where it was, although 16 bytes of the gap are used.
contract StorageUpgrade_BoolGap_V2_Ok {
    bool[32] listed;
    bool[32] frozen;
    bool[16] closed;
    bool paused;
}

contract StorageUpgrade_BoolGap_V2_Bad {
    bool[32] listed;
    bool[32] frozen;
    bool[16] closed;
    bool[16] __gap;
    bool[32] paused;
}

contract StorageUpgrade_Gap_One_Element_V1 {
    uint256 supply;
    uint256 cap;
    uint256[1] __gap;
    uint256 fee;
}

contract StorageUpgrade_Gap_One_Element_V2_Ok {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    uint256 fee;
}

contract StorageUpgrade_Gap_One_Element_V2b_Ok {
    uint256 supply;
    uint256 cap;
    uint256[1] recent;
    uint256 fee;
}

contract StorageUpgrade_Gap_One_Element_V2_Bad {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    uint256[1] __gap;
    uint256 fee;
}

// Named as a gap, and no array: an ordinary variable.
contract StorageUpgrade_Gap_Bool_Not_Array_V1 {
    bool open;
    bool listed;
    bool __gap;
    bool frozen;
}

contract StorageUpgrade_Gap_Bool_Not_Array_V2_Bad {
    bool open;
    bool listed;
    bool paused;
    bool frozen;
}

contract StorageUpgrade_Gap_Uint256_Not_Array_V1 {
    uint256 supply;
    uint256 cap;
    uint256 __gap;
    uint256 fee;
}

contract StorageUpgrade_Gap_Uint256_Not_Array_V2_Bad {
    uint256 supply;
    uint256 cap;
    uint256 paused;
    uint256 fee;
}

contract StorageUpgrade_StructGap_V1 {
    struct Position {
        uint256 debt;
        uint256 collateral;
        bytes32[50] __gap;
        uint256 opened;
    }

    mapping(uint256 => Position) byId;
    Position[10] largest;
    Position[] all;
}

contract StorageUpgrade_StructGap_V2_Ok {
    struct Position {
        uint256 debt;
        uint256 collateral;
        uint256 fee;
        bytes32[49] __gap;
        uint256 opened;
    }

    mapping(uint256 => Position) byId;
    Position[10] largest;
    Position[] all;
}

// One member more, and the gap two smaller.
contract StorageUpgrade_StructGap_V2_Bad {
    struct Position {
        uint256 debt;
        uint256 collateral;
        uint256 fee;
        bytes32[48] __gap;
        uint256 opened;
    }

    mapping(uint256 => Position) byId;
    Position[10] largest;
    Position[] all;
}

contract StorageUpgrade_CustomGap_V1 {
    uint256 supply;
    uint256[24] __gap_supply;
    uint256 cap;
    uint256 fee;
    uint256[23] __gap_fee;
    uint256 paused;
}

contract StorageUpgrade_CustomGap_V2_Ok {
    uint256 supply;
    uint256 minted;
    uint256[23] __gap_supply;
    uint256 cap;
    uint256 fee;
    uint256 feeFloor;
    uint256 feeCeiling;
    uint256[21] __gap_fee;
    uint256 paused;
}

// Neither gap is smaller.
contract StorageUpgrade_CustomGap_V2_Bad {
    uint256 supply;
    uint256 minted;
    uint256[24] __gap_supply;
    uint256 cap;
    uint256 fee;
    uint256 feeFloor;
    uint256 feeCeiling;
    uint256[23] __gap_fee;
    uint256 paused;
}

// Only the first gap is smaller.
contract StorageUpgrade_CustomGap_V2_Bad2 {
    uint256 supply;
    uint256 minted;
    uint256[23] __gap_supply;
    uint256 cap;
    uint256 fee;
    uint256 feeFloor;
    uint256 feeCeiling;
    uint256[23] __gap_fee;
    uint256 paused;
}

// Names of gaps do not matter where their space is used as it should be.
contract StorageUpgrade_CustomGap_V2_Ok_Switched_Gaps {
    uint256 supply;
    uint256 minted;
    uint256[23] __gap_fee;
    uint256 cap;
    uint256 fee;
    uint256 feeFloor;
    uint256 feeCeiling;
    uint256[21] __gap_supply;
    uint256 paused;
}

contract StorageUpgrade_CustomGap_V2_Bad_Switched_Gaps {
    uint256 supply;
    uint256 minted;
    uint256[24] __gap_fee;
    uint256 cap;
    uint256 fee;
    uint256[23] __gap_supply;
    uint256 paused;
}

contract StorageUpgrade_CustomGap_V2_Bad_Changed_Gap_Name {
    uint256 supply;
    uint256 minted;
    uint256[24] __gap;
    uint256 cap;
    uint256 fee;
    uint256[23] __gap_fee;
    uint256 paused;
}

contract Notes {
    string[5] notes;
    uint256[45] private __gap;
}

contract Pausable {
    bool paused;
    uint256[49] private __gap;
}

contract StorageUpgrade_ConsumeAndAddGap_V1 is Notes {
    uint256[50] private __gap;
}

contract StorageUpgrade_ConsumeAndAddGap_V2 is Notes, Pausable {}

contract StorageUpgrade_ConsumeAndAddGap_V3 is Notes, Pausable {
    uint256 supply;
    uint256[49] private __gap;
}

contract StorageUpgrade_ConsumeAndAddGap_V3b is Notes, Pausable {
    uint256[50] private __gap;
}

contract EmptyStore {
    uint256[50] private __gap;
}

contract SupplyStore {
    uint256 supply;
    uint256[49] private __gap;
}

contract StorageUpgrade_ConsumeAndAddGap_Storage_V1 is EmptyStore, Notes {}

contract StorageUpgrade_ConsumeAndAddGap_Storage_V2 is SupplyStore, Notes, Pausable {}

contract StorageUpgrade_FunctionPointer_V1 {
    struct Listener {
        uint256 since;
        function(bool) external notify;
    }

    Listener private listener;
    function(bool) external fallbackListener;
}

contract StorageUpgrade_FunctionPointer_V2_Ok {
    struct Listener {
        uint256 since;
        function(bool) external notify;
    }

    Listener private listener;
    function(bool) external fallbackListener;
}

contract StorageUpgrade_FunctionPointer_V2_Bad {
    struct Listener {
        uint256 since;
        function(bool) internal notify;
    }

    Listener private listener;
    function(bool) internal fallbackListener;
}
