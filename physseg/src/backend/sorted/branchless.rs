//! Halving without a branch: the binary search that a processor cannot predict wrongly.
//!
//! Compilers like to turn `if` into a branch where they think that one half is likelier, and random
//! frames make that the worst choice: every other step is then predicted wrongly. The standard
//! library's `select_unpredictable` is what makes it a conditional move (`cmovbe`, looked up in the
//! machine code of rustc 1.95).

use alloc::vec::Vec;
use core::hint::select_unpredictable;

use super::key::{Key, Layout, Search};
use super::prefetch::prefetch;
use super::room::make_room;
use crate::backend::Refusal;

/// With more keys than this, the next ones compared are likely not to be in a cache nearby, so that it
/// pays to ask for them. With fewer it costs more than it brings: 22.6 instead of 18.7 ns with 8161.
pub(super) const FAR: usize = 1 << 16;

/// Ascending keys, halved by conditional moves.
#[derive(Debug)]
pub enum Halving {}

impl Layout for Halving {
    type Of<K: Key> = Ascending<K>;
}

/// The keys in their own order.
#[derive(Debug, Default)]
pub struct Ascending<K> {
    keys: Vec<K>,
}

impl<K: Key> Search<K> for Ascending<K> {
    fn reserve(&mut self, keys: usize, most: Option<usize>) -> Result<(), Refusal> {
        make_room(&mut self.keys, keys, most)
    }

    fn build(&mut self, count: usize, key: impl Fn(usize) -> K) {
        self.keys.clear();
        self.keys.extend((0..count).map(key));
    }

    fn inserted(&mut self, at: usize, _: usize, key: impl Fn(usize) -> K) {
        self.keys.insert(at, key(at));
    }

    fn removed(&mut self, at: usize, _: usize, _: impl Fn(usize) -> K) {
        self.keys.remove(at);
    }

    fn set(&mut self, at: usize, key: K) {
        self.keys[at] = key;
    }

    #[inline]
    fn rank(&self, key: K) -> usize {
        if self.keys.len() > FAR {
            halve::<K, true>(&self.keys, key)
        } else {
            halve::<K, false>(&self.keys, key)
        }
    }

    fn clear(&mut self) {
        self.keys = Vec::new();
    }

    fn bytes(&self) -> usize {
        self.keys.capacity() * size_of::<K>()
    }
}

/// The rank of `key`. Each step halves what is left and keeps either half, whichever way the
/// comparison went; how many steps there are depends on the number of keys alone.
///
/// With `FETCH`, both keys that may be compared next are asked for meanwhile: what a branch, were
/// it predicted, would have asked for by itself.
#[inline]
fn halve<K: Key, const FETCH: bool>(keys: &[K], key: K) -> usize {
    let (mut below, mut left) = (0, keys.len());
    while left > 1 {
        let half = left / 2;
        left -= half;
        if FETCH {
            prefetch(keys, below + left / 2);
            prefetch(keys, below + half + left / 2);
        }
        below = select_unpredictable(keys[below + half] <= key, below + half, below);
    }
    below + usize::from(keys.get(below).is_some_and(|&first| first <= key))
}
