//! Up to `N` keys in ascending order, each with a number: what a node of the order holds, and all
//! of an order that is small.

/// Places that are counted together in a search.
const GROUP: usize = 8;

/// The key in a place that is not used.
const UNUSED: u64 = u64::MAX;

/// Keys, and the number of each. `N` is a multiple of 8.
#[derive(Debug)]
pub(super) struct Entries<const N: usize> {
    /// Those beyond `len` are `UNUSED`.
    keys: [u64; N],
    values: [u32; N],
    len: usize,
}

impl<const N: usize> Entries<N> {
    pub(super) const EMPTY: Self = Self { keys: [UNUSED; N], values: [0; N], len: 0 };

    /// Takes all entries out.
    pub(super) fn empty(&mut self) {
        self.keys = [UNUSED; N];
        self.len = 0;
    }

    #[inline]
    pub(super) fn keys(&self) -> &[u64] {
        &self.keys[..self.len.min(N)]
    }

    #[inline]
    pub(super) fn values(&self) -> &[u32] {
        &self.values[..self.len.min(N)]
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.len >= N
    }

    /// How many keys are at most `key`.
    ///
    /// First which group of places, then which place of it, counted over all places whether used or
    /// not: comparisons that do not wait for each other, and none of which is guessed. (Halving waits
    /// for a load at each of six steps.)
    #[inline]
    pub(super) fn rank(&self, key: u64) -> usize {
        let (groups, _) = self.keys.as_chunks::<GROUP>();
        let count = |group: &[u64; GROUP]| -> usize {
            group.iter().map(|&present| usize::from(present <= key)).sum()
        };
        let full = groups[..N / GROUP - 1].iter();
        let group = full.map(|group| usize::from(group[GROUP - 1] <= key)).sum::<usize>();
        // The highest key that there can be would count the unused places.
        (group * GROUP + count(&groups[group])).min(self.len)
    }

    /// Where `key` is, if it is there.
    #[inline]
    pub(super) fn place(&self, key: u64) -> Option<usize> {
        let index = self.rank(key).checked_sub(1)?;
        (self.keys().get(index) == Some(&key)).then_some(index)
    }

    #[inline]
    pub(super) fn set_key(&mut self, index: usize, key: u64) {
        if let Some(place) = self.keys.get_mut(index) {
            *place = key;
        }
    }

    /// Adds an entry at `index`. There must be room.
    #[inline]
    pub(super) fn put(&mut self, index: usize, key: u64, value: u32) {
        let len = self.len;
        if len < N && index <= len {
            // What comes in ascending order, as at boot, moves nothing.
            if index < len {
                self.keys.copy_within(index..len, index + 1);
                self.values.copy_within(index..len, index + 1);
            }
            self.keys[index] = key;
            self.values[index] = value;
            self.len += 1;
        }
    }

    /// Takes the entry at `index` out.
    #[inline]
    pub(super) fn cut(&mut self, index: usize) -> Option<u32> {
        let len = self.len;
        let value = *self.values().get(index)?;
        self.keys.copy_within(index + 1..len, index);
        self.values.copy_within(index + 1..len, index);
        self.keys[len - 1] = UNUSED;
        self.len -= 1;
        Some(value)
    }

    /// Moves the entries from `from` on out of `self` and into `other`, which is empty, as many as
    /// it has room for.
    pub(super) fn split_off<const M: usize>(&mut self, from: usize, other: &mut Entries<M>) {
        let (keys, values) = (&self.keys()[from..], &self.values()[from..]);
        let moved = keys.len().min(M);
        other.keys[..moved].copy_from_slice(&keys[..moved]);
        other.values[..moved].copy_from_slice(&values[..moved]);
        other.len = moved;
        self.keys[from..].fill(UNUSED);
        self.len = from;
    }
}
