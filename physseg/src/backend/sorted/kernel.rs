//! How the sixteen keys of a node are compared with one key: all at once, where the processor can.
//!
//! # Why there is `unsafe` code here
//! Vector instructions that not every processor has cannot be had without: the promise that they are
//! there must come from the program. It is made in one place, [`Present`], of which every other
//! line here is a consequence. Nanoseconds a random page lookup (measured as in the parent module):
//!
//! | | 32 segments | 8161 | 8161, keys of 64 bits |
//! |---|---|---|---|
//! | portable (SSE2, as any x86-64 has it) | 11.1 | 26.0 | 62 |
//! | AVX2 | 4.3 | 9.7 | 17.7 |
//! | AVX-512 | 3.9 | 8.8 | 11.3 |
#![allow(unsafe_code)]

use core::fmt;

use super::key::{Key, Node};

/// The instructions that compare.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kernel {
    /// Whatever the compiler makes of a loop, on any processor.
    Portable,
    /// 256 bits at a time, on x86-64.
    Avx2,
    /// 512 bits at a time, on x86-64.
    Avx512,
    /// 128 bits at a time, on 64-bit ARM, which always has it.
    Neon,
}

impl Kernel {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Portable, Self::Avx2, Self::Avx512, Self::Neon];

    /// The name, as measurements show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
        }
    }

    /// Whether this processor has the instructions.
    pub fn available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => super::cpu::vectors().avx2,
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => super::cpu::vectors().avx2 && super::cpu::vectors().avx512f,
            #[cfg(target_arch = "aarch64")]
            Self::Neon => true,
            #[allow(unreachable_patterns)] // those of other processors
            _ => false,
        }
    }

    /// The fastest that this processor has.
    pub fn best() -> Self {
        let fastest_first = [Self::Avx512, Self::Avx2, Self::Neon];
        fastest_first.into_iter().find(|kernel| kernel.available()).unwrap_or(Self::Portable)
    }
}

/// The processor lacks the instructions that were asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MissingKernel(pub Kernel);

impl fmt::Display for MissingKernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this processor has no {} instructions", self.0.name())
    }
}

impl core::error::Error for MissingKernel {}

/// A kernel that is [`available`](Kernel::available): holding one is the proof.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Present(Kernel);

impl Present {
    pub(super) fn new(kernel: Kernel) -> Result<Self, MissingKernel> {
        if kernel.available() { Ok(Self(kernel)) } else { Err(MissingKernel(kernel)) }
    }

    pub(super) const fn get(self) -> Kernel {
        self.0
    }
}

impl Default for Present {
    fn default() -> Self {
        Self(Kernel::best())
    }
}

/// Walks from a root to a leaf, given how many of a node's keys are not above the one looked for.
pub(super) trait Descent<K: Key> {
    /// The rank that the walk ends with.
    fn descend(&self, key: K, count: impl Fn(&Node<K>, K) -> usize) -> usize;
}

/// Walks `tree` with the kernel.
///
/// The kernel is chosen once a walk, not once a node, and by a branch that always goes the same way.
/// Code that uses more instructions than every processor has cannot be inlined into code for all of
/// them, so that each kind of walk is a function of its own with its comparisons inlined. (As a type
/// parameter the kernel would have to be known to whoever names the backend, for the sake of a
/// branch that is predicted.)
#[inline(always)]
#[allow(clippy::inline_always)] // a match and a call
pub(super) fn descend<K: Key>(kernel: Present, tree: &impl Descent<K>, key: K) -> usize {
    match kernel.0 {
        // SAFETY: `kernel` is the proof that the processor has AVX-512, and with it AVX2 and popcnt.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx512 => unsafe { descend_avx512(tree, key) },
        // SAFETY: `kernel` is the proof that the processor has AVX2, and with it popcnt.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 => unsafe { descend_avx2(tree, key) },
        // SAFETY: NEON is part of every 64-bit ARM that Rust compiles for with floating point, which is
        // why this walk needs no function of its own; `kernel` says that it is there.
        #[cfg(target_arch = "aarch64")]
        Kernel::Neon => tree.descend(key, |node, key| unsafe { K::count_neon(node, key) }),
        _ => tree.descend(key, |node, key| count_portable(node, key)),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn descend_avx2<K: Key>(tree: &impl Descent<K>, key: K) -> usize {
    // SAFETY: this function has the features.
    tree.descend(key, |node, key| unsafe { K::count_avx2(node, key) })
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,popcnt")]
fn descend_avx512<K: Key>(tree: &impl Descent<K>, key: K) -> usize {
    // SAFETY: this function has the features.
    tree.descend(key, |node, key| unsafe { K::count_avx512(node, key) })
}

#[inline(always)]
#[allow(clippy::inline_always)]
fn count_portable<K: Key>(node: &Node<K>, key: K) -> usize {
    node.0.iter().map(|&other| usize::from(other <= key)).sum()
}

/// Counting in the nodes of one width of key: how many keys are not above `key`.
///
/// Loads need no alignment and stay inside the node; the rest is that the processor has the
/// instructions, which only the caller can know. They are inlined into a function that has them.
pub trait Lanes: Sized {
    /// With 256 bits at a time.
    ///
    /// # Safety
    /// The caller has the features `avx2` and `popcnt`.
    #[cfg(target_arch = "x86_64")]
    unsafe fn count_avx2(node: &Node<Self>, key: Self) -> usize;

    /// With 512 bits at a time.
    ///
    /// # Safety
    /// The caller has the features `avx512f` and `popcnt`.
    #[cfg(target_arch = "x86_64")]
    unsafe fn count_avx512(node: &Node<Self>, key: Self) -> usize;

    /// With 128 bits at a time.
    ///
    /// # Safety
    /// The caller has the feature `neon`.
    #[cfg(target_arch = "aarch64")]
    unsafe fn count_neon(node: &Node<Self>, key: Self) -> usize;
}
