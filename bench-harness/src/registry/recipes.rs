//! How an empty backend of every kind is made.

use physseg::backend::{self, BigFirst, Bsearch, Contig, Linear};

use super::{Recipe, Room};
#[cfg(any(feature = "intrusive", feature = "rangemap", feature = "vm-memory"))]
use crate::backends;

/// A recipe: its name, the data structure, and what is made of the room that it is told of.
macro_rules! recipes {
    ($($(#[$built:meta])? $name:ident: $backend:ty = $empty:expr;)*) => {
        $(
            $(#[$built])?
            pub(super) enum $name {}

            $(#[$built])?
            impl Recipe for $name {
                type Backend = $backend;

                fn empty(room: Room) -> Self::Backend {
                    let make: fn(Room) -> Self::Backend = $empty;
                    make(room)
                }
            }
        )*
    };
}

recipes! {
    Array: backend::Array<Bsearch> = |room| backend::Array::new(room.array);
    ArrayLinear: backend::Array<Linear> = |room| backend::Array::new(room.array);
    ArrayBigFirst: backend::Array<BigFirst> = |room| backend::Array::new(room.array);
    ArrayContig: backend::Array<Contig> = |_| backend::Array::new(Some(1));
    RbTree: backend::RbTree = |room| backend::RbTree::with_boot_capacity(room.boot);
    #[cfg(feature = "rangemap")]
    RangeMap: backends::RangeMap = |room| backends::RangeMap::with_boot_capacity(room.boot);
    #[cfg(feature = "intrusive")]
    Intrusive: backends::Intrusive = |room| backends::Intrusive::with_boot_capacity(room.boot);
    #[cfg(feature = "vm-memory")]
    VmMemory: backends::VmMemory = |room| backends::VmMemory::with_boot_capacity(room.boot);
}
