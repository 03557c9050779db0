pragma circom 2.1.6;

include "bitify.circom";
include "comparators.circom";
include "poseidon.circom";
include "padding.circom";
include "sponge.circom";
include "tags.circom";

// A stored variable stands at byte position slot * 32 + offset, in two limbs: hi = slot >> 40 and
// lo = (slot mod 2^40) * 32 + offset. An entry ends inside its stretch of 2^45 bytes: lo + size <= 2^45.
function HI_BITS() {
    return 216;
}
function LO_BITS() {
    return 45;
}
function SIZE_BITS() {
    return 40;
}

// Digest of an entry, 0 at an unused place. The gap flag selects the tag, so an entry cannot be re-read as a gap.
template LayoutEntryDigest() {
    signal input used;
    signal input gap;
    signal input hi;
    signal input packed;
    signal input typeDigest;
    signal input labelDigest;
    signal output out;

    gap * (gap - 1) === 0;
    component padding = ZeroWhereUnused(5);
    padding.used <== used;
    padding.values <== [gap, hi, packed, typeDigest, labelDigest];

    component hash = Poseidon(5);
    hash.inputs <== [
        TAG_LAYOUT_ENTRY() + gap * (TAG_LAYOUT_GAP() - TAG_LAYOUT_ENTRY()),
        hi,
        packed,
        typeDigest,
        labelDigest
    ];
    out <== used * hash.out;
}

// One entry of the new layout, with its place range-checked: 0 <= lo, 1 <= size <= 2^40, lo + size <= 2^45.
// The range of hi is the list's business (LayoutOrder).
template NewLayoutEntry() {
    signal input used;
    signal input gap;
    signal input keep;
    signal input changed;
    signal input hi;
    signal input lo;
    signal input size;
    signal input typeDigest;
    signal input labelDigest;
    signal output digest;

    component loRange = Num2Bits(LO_BITS());
    loRange.in <== lo;
    component sizeRange = Num2Bits(SIZE_BITS());
    sizeRange.in <== size - used;
    component endRange = Num2Bits(LO_BITS() + 1);
    endRange.in <== 2 ** LO_BITS() - lo - size;

    component digestOf = LayoutEntryDigest();
    digestOf.used <== used;
    digestOf.gap <== gap;
    digestOf.hi <== hi;
    digestOf.packed <== lo + size * 2 ** LO_BITS();
    digestOf.typeDigest <== typeDigest;
    digestOf.labelDigest <== labelDigest;
    digest <== digestOf.out;

    // Only a variable that stands in the list can be kept, unchanged or with a declared change.
    keep * (keep - 1) === 0;
    changed * (changed - 1) === 0;
    keep * changed === 0;
    (keep + changed) * (1 - used) === 0;
    (keep + changed) * gap === 0;
}

// Label digest of an entry: the digest of its name, or, where its declaration says that it had another name or type
// before, a hash that covers the digests of those too (0 where it says nothing).
template DeclaredLabel() {
    signal input declared;
    signal input name;
    signal input formerName;
    signal input formerType;
    signal output out;

    declared * (declared - 1) === 0;
    component hash = Poseidon(4);
    hash.inputs <== [TAG_LAYOUT_CHANGED(), name, formerName, formerType];
    out <== name + declared * (hash.out - name);
}

// A variable that stands at its old place with its old size, and whose name and type are the old ones or those that its
// new declaration says it had. Digests of the entry before and after the upgrade, both 0 where unused.
template LayoutChange() {
    signal input used;
    signal input hi;
    signal input packed;
    signal input oldType;
    signal input oldName;
    signal input oldDeclared;
    signal input oldFormerName;
    signal input oldFormerType;
    signal input newType;
    signal input newName;
    signal input newDeclared;
    signal input newFormerName;
    signal input newFormerType;
    signal output before;
    signal output after;

    // Of two differences, one is 0: from the new name, or from the name that the declaration gives.
    signal declaredName <== newDeclared * (newFormerName - oldName);
    (newName - oldName) * (declaredName + 1 - newDeclared) === 0;
    signal declaredType <== newDeclared * (newFormerType - oldType);
    (newType - oldType) * (declaredType + 1 - newDeclared) === 0;

    component oldLabel = DeclaredLabel();
    oldLabel.declared <== oldDeclared;
    oldLabel.name <== oldName;
    oldLabel.formerName <== oldFormerName;
    oldLabel.formerType <== oldFormerType;
    component newLabel = DeclaredLabel();
    newLabel.declared <== newDeclared;
    newLabel.name <== newName;
    newLabel.formerName <== newFormerName;
    newLabel.formerType <== newFormerType;

    component oldEntry = Poseidon(5);
    oldEntry.inputs <== [TAG_LAYOUT_ENTRY(), hi, packed, oldType, oldLabel.out];
    before <== used * oldEntry.out;
    component newEntry = Poseidon(5);
    newEntry.inputs <== [TAG_LAYOUT_ENTRY(), hi, packed, newType, newLabel.out];
    after <== used * newEntry.out;
}

// Two neighbours in the new layout: the second, where it is used, begins at or after the end of the first.
template LayoutNeighbours() {
    signal input nextUsed;
    signal input hi;
    signal input end;
    signal input nextHi;
    signal input nextLo;

    component ascending = Num2Bits(HI_BITS());
    ascending.in <== nextUsed * (nextHi - hi);

    component sameStretch = IsEqual();
    sameStretch.in <== [nextHi, hi];
    signal compared <== nextUsed * sameStretch.out;
    component disjoint = Num2Bits(LO_BITS());
    disjoint.in <== compared * (nextLo - end);
}

// The new list is sorted by position and no two entries overlap. hi grows by differences below 2^216; that its first
// and last values are below 2^216 as well keeps the sum from wrapping around the field.
template LayoutOrder(n) {
    signal input used[n];
    signal input hi[n];
    signal input lo[n];
    signal input size[n];

    component neighbours[n];
    signal lastHi[n];
    var last = 0;
    for (var i = 0; i < n; i++) {
        lastHi[i] <== (i + 1 < n ? used[i] - used[i + 1] : used[i]) * hi[i];
        last += lastHi[i];
        if (i > 0) {
            neighbours[i] = LayoutNeighbours();
            neighbours[i].nextUsed <== used[i];
            neighbours[i].hi <== hi[i - 1];
            neighbours[i].end <== lo[i - 1] + size[i - 1];
            neighbours[i].nextHi <== hi[i];
            neighbours[i].nextLo <== lo[i];
        }
    }
    component firstRange = Num2Bits(HI_BITS());
    firstRange.in <== hi[0];
    component lastRange = Num2Bits(HI_BITS());
    lastRange.in <== last;
}

// Product of (challenge - digest) over the chosen digests. Assumes that `chosen` is a bit.
template ChosenProduct(n) {
    signal input challenge;
    signal input chosen[n];
    signal input digests[n];
    signal output out;

    signal factor[n];
    signal product[n];
    for (var i = 0; i < n; i++) {
        factor[i] <== chosen[i] * (challenge - digests[i] - 1);
        product[i] <== (i == 0 ? 1 : product[i - 1]) * (factor[i] + 1);
    }
    out <== product[n - 1];
}

// The new layout preserves the old one: both lists hash to their roots, the new list is sorted without overlaps, and
// every old entry that is no gap stands in the new list, unchanged or with a declared change of name or type at the same
// place and size (LayoutChange). So everything new lies in space that was free or gap.
//
// Containment is three equalities of multisets: unchanged old entries and kept new ones, changed old entries and what the
// changes were before, changed new entries and what they are after. Each is checked as an equality of products at one
// challenge (Schwartz-Zippel), which covers all that the prover chooses: both roots, the marks and the changes. Old and
// new are marked apart, so that changes do not chain: what one invents, no other can start from.
template LayoutPreserved(oldEntries, newEntries, changes) {
    assert(2 * newEntries <= 253);
    assert(oldEntries <= 253);
    signal input oldUsed[oldEntries];
    signal input oldGap[oldEntries];
    signal input oldChanged[oldEntries];
    signal input oldHi[oldEntries];
    signal input oldPacked[oldEntries];
    signal input oldType[oldEntries];
    signal input oldLabel[oldEntries];
    signal input newUsed[newEntries];
    signal input newGap[newEntries];
    signal input newKeep[newEntries];
    signal input newChanged[newEntries];
    signal input newHi[newEntries];
    signal input newLo[newEntries];
    signal input newSize[newEntries];
    signal input newType[newEntries];
    signal input newLabel[newEntries];
    signal input changeUsed[changes];
    signal input changeHi[changes];
    signal input changePacked[changes];
    signal input changeOldType[changes];
    signal input changeOldName[changes];
    signal input changeOldDeclared[changes];
    signal input changeOldFormerName[changes];
    signal input changeOldFormerType[changes];
    signal input changeNewType[changes];
    signal input changeNewName[changes];
    signal input changeNewDeclared[changes];
    signal input changeNewFormerName[changes];
    signal input changeNewFormerType[changes];
    signal output oldRoot;
    signal output newRoot;

    component oldPrefix = Prefix(oldEntries);
    oldPrefix.used <== oldUsed;
    component newPrefix = Prefix(newEntries);
    newPrefix.used <== newUsed;

    component oldDigests[oldEntries];
    component oldList = ListSponge(oldEntries);
    oldList.domain <== TAG_LAYOUT();
    oldList.used <== oldUsed;
    var oldMarks = 0;
    for (var i = 0; i < oldEntries; i++) {
        oldDigests[i] = LayoutEntryDigest();
        oldDigests[i].used <== oldUsed[i];
        oldDigests[i].gap <== oldGap[i];
        oldDigests[i].hi <== oldHi[i];
        oldDigests[i].packed <== oldPacked[i];
        oldDigests[i].typeDigest <== oldType[i];
        oldDigests[i].labelDigest <== oldLabel[i];
        oldList.elements[i] <== oldDigests[i].out;

        oldChanged[i] * (oldChanged[i] - 1) === 0;
        oldChanged[i] * (1 - oldUsed[i] + oldGap[i]) === 0;
        oldMarks += oldChanged[i] * 2 ** i;
    }
    oldRoot <== oldList.out;

    component newDigests[newEntries];
    component newList = ListSponge(newEntries);
    newList.domain <== TAG_LAYOUT();
    newList.used <== newUsed;
    var newMarks = 0;
    for (var i = 0; i < newEntries; i++) {
        newDigests[i] = NewLayoutEntry();
        newDigests[i].used <== newUsed[i];
        newDigests[i].gap <== newGap[i];
        newDigests[i].keep <== newKeep[i];
        newDigests[i].changed <== newChanged[i];
        newDigests[i].hi <== newHi[i];
        newDigests[i].lo <== newLo[i];
        newDigests[i].size <== newSize[i];
        newDigests[i].typeDigest <== newType[i];
        newDigests[i].labelDigest <== newLabel[i];
        newList.elements[i] <== newDigests[i].digest;
        newMarks += newKeep[i] * 2 ** (2 * i) + newChanged[i] * 2 ** (2 * i + 1);
    }
    newRoot <== newList.out;

    component order = LayoutOrder(newEntries);
    order.used <== newUsed;
    order.hi <== newHi;
    order.lo <== newLo;
    order.size <== newSize;

    component change[changes];
    component changeList = Sponge(2 * changes + 1);
    changeList.domain <== TAG_LAYOUT_CHANGES();
    changeList.stream[0] <== 2 * changes;
    for (var i = 0; i < changes; i++) {
        changeUsed[i] * (changeUsed[i] - 1) === 0;
        change[i] = LayoutChange();
        change[i].used <== changeUsed[i];
        change[i].hi <== changeHi[i];
        change[i].packed <== changePacked[i];
        change[i].oldType <== changeOldType[i];
        change[i].oldName <== changeOldName[i];
        change[i].oldDeclared <== changeOldDeclared[i];
        change[i].oldFormerName <== changeOldFormerName[i];
        change[i].oldFormerType <== changeOldFormerType[i];
        change[i].newType <== changeNewType[i];
        change[i].newName <== changeNewName[i];
        change[i].newDeclared <== changeNewDeclared[i];
        change[i].newFormerName <== changeNewFormerName[i];
        change[i].newFormerType <== changeNewFormerType[i];
        changeList.stream[2 * i + 1] <== change[i].before;
        changeList.stream[2 * i + 2] <== change[i].after;
    }

    component challenge = Poseidon(6);
    challenge.inputs <== [TAG_LAYOUT_CHALLENGE(), oldRoot, newRoot, oldMarks, newMarks, changeList.out];

    component unchanged = ChosenProduct(oldEntries);
    component changedFrom = ChosenProduct(oldEntries);
    unchanged.challenge <== challenge.out;
    changedFrom.challenge <== challenge.out;
    for (var i = 0; i < oldEntries; i++) {
        unchanged.chosen[i] <== oldUsed[i] - oldGap[i] - oldChanged[i];
        unchanged.digests[i] <== oldDigests[i].out;
        changedFrom.chosen[i] <== oldChanged[i];
        changedFrom.digests[i] <== oldDigests[i].out;
    }
    component kept = ChosenProduct(newEntries);
    component changedTo = ChosenProduct(newEntries);
    kept.challenge <== challenge.out;
    changedTo.challenge <== challenge.out;
    for (var i = 0; i < newEntries; i++) {
        kept.chosen[i] <== newKeep[i];
        kept.digests[i] <== newDigests[i].digest;
        changedTo.chosen[i] <== newChanged[i];
        changedTo.digests[i] <== newDigests[i].digest;
    }
    component before = ChosenProduct(changes);
    component after = ChosenProduct(changes);
    before.challenge <== challenge.out;
    after.challenge <== challenge.out;
    for (var i = 0; i < changes; i++) {
        before.chosen[i] <== changeUsed[i];
        before.digests[i] <== change[i].before;
        after.chosen[i] <== changeUsed[i];
        after.digests[i] <== change[i].after;
    }
    unchanged.out === kept.out;
    changedFrom.out === before.out;
    changedTo.out === after.out;
}
