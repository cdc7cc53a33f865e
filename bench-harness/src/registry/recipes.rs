//! How an empty backend of every kind is made.

use std::marker::PhantomData;

use physseg::backend::sorted::{Kernel, MissingKernel};
use physseg::backend::{self, BigFirst, Bsearch, Contig, Linear};

use super::{Recipe, Room};
#[cfg(any(feature = "intrusive", feature = "rangemap", feature = "vm-memory"))]
use crate::backends;

/// A recipe: its name, the data structure, what is made of the room that it is told of, and, where
/// they are not the usual ones, the bytes that it takes a segment (and whether in many pieces or one)
/// and a frame of the span.
macro_rules! recipes {
    ($($(#[$built:meta])? $name:ident: $backend:ty = $empty:expr
        $(, segment: $segment:literal)? $(, pieces: $pieces:literal)? $(, frame: $frame:literal)?;)*) => {
        $(
            $(#[$built])?
            pub(super) enum $name {}

            $(#[$built])?
            impl Recipe for $name {
                type Backend = $backend;

                $(const BYTES_PER_SEGMENT: u64 = $segment;)?
                $(const DOUBLES: bool = !$pieces;)?
                $(const BYTES_PER_FRAME: u64 = $frame;)?

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
    RbTree: backend::RbTree = |room| backend::RbTree::with_boot_capacity(room.boot),
        segment: 112, pieces: true; // 96 for the node, and its name
    ArrayRebuild: backend::ArrayRebuild = |room| backend::ArrayRebuild::with_boot_capacity(room.boot);
    ArrayBranchless: backend::ArrayBranchless =
        |room| backend::ArrayBranchless::with_boot_capacity(room.boot), segment: 140;
    Eytzinger: backend::Eytzinger = |room| backend::Eytzinger::with_boot_capacity(room.boot), segment: 140;
    STree: backend::STree = |room| backend::STree::with_boot_capacity(room.boot), segment: 140;
    Section: backend::Section = |room| backend::Section::with_boot_capacity(room.boot),
        segment: 120, pieces: true; // a record, its place in the order, its share of the map
    BTree: backend::BTree = |room| backend::BTree::with_boot_capacity(room.boot), segment: 110;
    Direct: backend::Direct = |room| backend::Direct::with_boot_capacity(room.boot),
        segment: 112, pieces: true, frame: 24; // its order is a tree; a doubling array of entries
    Dense: backend::Dense = |_| backend::Dense::new();
    #[cfg(feature = "rangemap")]
    RangeMap: backends::RangeMap = |room| backends::RangeMap::with_boot_capacity(room.boot), segment: 152;
    #[cfg(feature = "intrusive")]
    Intrusive: backends::Intrusive = |room| backends::Intrusive::with_boot_capacity(room.boot), segment: 152;
    #[cfg(feature = "vm-memory")]
    VmMemory: backends::VmMemory = |room| backends::VmMemory::with_boot_capacity(room.boot), segment: 152;
}

/// The static B-tree with a kernel of one's own choice: number `K` of [`Kernel::ALL`].
pub(super) enum STreeWith<const K: usize> {}

impl<const K: usize> Recipe for STreeWith<K> {
    type Backend = backend::STree;

    const BYTES_PER_SEGMENT: u64 = STree::BYTES_PER_SEGMENT;

    fn missing() -> Option<String> {
        let kernel = Kernel::ALL[K];
        (!kernel.available()).then(|| MissingKernel(kernel).to_string())
    }

    fn empty(room: Room) -> Self::Backend {
        backend::STree::with_kernel(room.boot, Kernel::ALL[K])
            .expect("what is missing is asked first")
    }
}

/// Another backend with a memory of the segment found last.
pub(super) struct LastHit<R>(PhantomData<R>);

impl<R: Recipe> Recipe for LastHit<R> {
    type Backend = backend::LastHit<R::Backend>;

    const BYTES_PER_SEGMENT: u64 = R::BYTES_PER_SEGMENT;
    const DOUBLES: bool = R::DOUBLES;
    const BYTES_PER_FRAME: u64 = R::BYTES_PER_FRAME;

    fn missing() -> Option<String> {
        R::missing()
    }

    fn empty(room: Room) -> Self::Backend {
        backend::LastHit::new(R::empty(room))
    }
}
