//! Where nodes come from, before and after there is an allocator.
//!
//! The kernel registers its memory before it can allocate any. Until boot ends, nodes therefore
//! come from an array of fixed size, one after the other, and a node that is freed is not handed
//! out again: the array only counts how many are gone. After boot they come from the heap, and a
//! heap node that is freed is the next to be handed out. A node of the boot array stays gone, after
//! boot too.
//!
//! Upstream allocates each heap node for itself. Here the heap hands out chunks of three pages,
//! which is the neighbourhood that a kernel's allocator of equal-sized objects would make for them,
//! and keeps them until the pool is dropped.
//!
//! [`Pool::alloc`] and [`Pool::free`] speak in bytes, as upstream's do, because what they refuse is
//! part of the behaviour that the test suite asserts. [`RbTree`](super::RbTree) takes single nodes
//! out of the same supply, under the same protocol.

use core::fmt;

use super::handle::RbHandle;
use super::node::Record;
use super::slots::Slots;
use crate::addr::{FrameRange, Pfn};
use crate::backend::Refusal;
use crate::segment::{FreeList, Segment};

/// How many nodes the boot array holds unless told otherwise, as in the load tests of the paper.
/// (Real ports have 5 to 256.)
pub const VM_PHYSSEG_MAX: usize = 32;

/// Why the pool did not hand out or take back nodes. Nothing has changed when it says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum PoolError {
    /// At boot there are only whole nodes, and at least one.
    OddSize {
        /// How much was asked for or given back, in bytes.
        bytes: usize,
        /// The size of a node, in bytes.
        node_bytes: usize,
    },
    /// The boot array does not have that many nodes left.
    Full {
        /// How many it has in all.
        capacity: usize,
    },
    /// The allocator had no memory, or there are no 32-bit slot numbers left.
    NoMemory {
        /// How much was asked for, in bytes.
        bytes: usize,
    },
    /// A block goes back as it came.
    WrongSize {
        /// How much was given back, in bytes.
        bytes: usize,
        /// How much the block holds, in bytes.
        expected_bytes: usize,
    },
    /// The block was freed before, or is another pool's.
    NotAllocated,
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OddSize { bytes, node_bytes } => write!(
                f,
                "{bytes} bytes: only one or more whole nodes of {node_bytes} bytes are possible"
            ),
            Self::Full { capacity } => {
                write!(f, "the boot array of {capacity} nodes has not that many left")
            }
            Self::NoMemory { bytes } => write!(f, "out of memory: {bytes} bytes wanted"),
            Self::WrongSize { bytes, expected_bytes } => {
                write!(f, "{bytes} bytes given back of a block of {expected_bytes} bytes")
            }
            Self::NotAllocated => write!(f, "the block is not allocated in this pool"),
        }
    }
}

impl core::error::Error for PoolError {}

impl From<Refusal> for PoolError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full { capacity } => Self::Full { capacity },
            Refusal::NoMemory { bytes } => Self::NoMemory { bytes },
            // Nodes lie anywhere, so no span is too wide for them.
            Refusal::Span { .. } => Self::NoMemory { bytes: 0 },
        }
    }
}

/// Nodes handed out together by [`Pool::alloc`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Block {
    first: RbHandle,
    nodes: u32,
}

impl Block {
    /// Its slots, counted from 0 at the start of the boot array. They follow each other.
    pub fn slots(self) -> core::ops::Range<u32> {
        self.first.slot()..self.first.slot().saturating_add(self.nodes)
    }

    /// The names of its nodes. More than one are handed out at once only where none was handed out
    /// before, so all have the first one's generation.
    fn handles(self) -> impl Iterator<Item = RbHandle> {
        let generation = self.first.generation();
        self.slots().map(move |slot| RbHandle::new(slot, generation))
    }
}

/// The supply of nodes. See the [module](self).
#[derive(Debug)]
pub struct Pool(Slots);

impl Pool {
    /// The size of a node with its segment: 96 bytes on a 64-bit machine.
    pub const NODE_BYTES: usize = size_of::<Record>();

    /// A pool at boot, with an array of `boot_capacity` nodes. (If there is no memory for that
    /// array, the first allocation from it says so.)
    pub fn new(boot_capacity: usize) -> Self {
        Self(Slots::new(boot_capacity))
    }

    /// From now on nodes come from the heap.
    pub fn boot_ended(&mut self) {
        self.0.boot_ended();
    }

    /// How many nodes are handed out.
    pub fn in_use(&self) -> usize {
        self.0.in_use()
    }

    /// Bytes of memory held, whether handed out or not.
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// Hands out nodes (`uvm_physseg_alloc`).
    ///
    /// At boot `bytes` must be one or more whole nodes, and the array must have that many left.
    /// After boot any size but 0 is served, as by any heap, rounded up to whole nodes.
    ///
    /// # Errors
    /// [`PoolError::OddSize`], [`PoolError::Full`], [`PoolError::NoMemory`].
    pub fn alloc(&mut self, bytes: usize) -> Result<Block, PoolError> {
        if bytes == 0 || (!self.0.boot_is_over() && !bytes.is_multiple_of(Self::NODE_BYTES)) {
            return Err(odd_size(bytes));
        }
        let count = bytes.div_ceil(Self::NODE_BYTES);
        let nodes = u32::try_from(count).map_err(|_| PoolError::NoMemory { bytes })?;
        let first = if nodes == 1 {
            self.0.take(BLANK)?.handle()
        } else {
            RbHandle::new(self.0.take_unused(count, BLANK)?, 1)
        };
        Ok(Block { first, nodes })
    }

    /// Takes back what [`alloc`](Self::alloc) handed out, the whole block (`uvm_physseg_free`).
    ///
    /// # Errors
    /// [`PoolError::OddSize`] for a part of a node, at boot or of the boot array;
    /// [`PoolError::WrongSize`]; [`PoolError::NotAllocated`].
    pub fn free(&mut self, block: Block, bytes: usize) -> Result<(), PoolError> {
        let whole_nodes_only = !self.0.boot_is_over() || self.0.is_boot_slot(block.first.slot());
        if whole_nodes_only && !bytes.is_multiple_of(Self::NODE_BYTES) {
            return Err(odd_size(bytes));
        }
        if bytes.div_ceil(Self::NODE_BYTES) != block.nodes as usize {
            return Err(PoolError::WrongSize {
                bytes,
                expected_bytes: block.nodes as usize * Self::NODE_BYTES,
            });
        }
        if !self.is_allocated(block) {
            return Err(PoolError::NotAllocated);
        }
        for handle in block.handles() {
            self.0.release(handle).ok_or(PoolError::NotAllocated)?;
        }
        Ok(())
    }

    /// Whether the block is handed out at present.
    pub fn is_allocated(&self, block: Block) -> bool {
        block.handles().all(|handle| self.0.resolve(handle).is_some())
    }
}

/// What a node holds that nobody has filled yet.
const BLANK: Segment = match FrameRange::new(Pfn::ZERO, Pfn::new(1)) {
    Some(range) => Segment::new(range, FreeList::Default),
    None => unreachable!(),
};

fn odd_size(bytes: usize) -> PoolError {
    PoolError::OddSize { bytes, node_bytes: Pool::NODE_BYTES }
}
