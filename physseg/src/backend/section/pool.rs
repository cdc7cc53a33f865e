//! Numbered places: the memory of records, order nodes and answer tables.
//!
//! A growing vector copies everything it holds now and then, and has both copies for a while; with
//! tens of millions of segments that is gigabytes. So memory comes in chunks of `N` places, and only
//! the list of chunks is copied. The first chunk alone is a growing vector, since most tables never
//! need all of it: it lies in the pool itself, where no list has to be read to get to it. Places
//! given back are chained through the items themselves, so that giving back needs no memory, and the
//! next taker has the one that is most likely cached.

use alloc::vec::Vec;

use crate::backend::Refusal;

/// No place: the end of the chain of free ones, or a link that leads nowhere.
pub(super) const NONE: u32 = u32::MAX;

/// What lives in a [`Pool`].
pub(super) trait Item {
    /// How a place looks that was never used.
    fn blank() -> Self;

    /// The next free place, while this one is free.
    fn link(&self) -> u32;

    /// Sets the next free place.
    fn set_link(&mut self, link: u32);
}

/// Places in chunks of `N`. See the [module](self).
#[derive(Debug)]
pub(super) struct Pool<T, const N: usize> {
    /// The first `N` places at most.
    first: Vec<T>,
    /// The others.
    more: Vec<Vec<T>>,
    /// For how many places there is memory.
    capacity: usize,
    /// How many places the first memory is for.
    at_first: usize,
    /// How many places have been taken at least once.
    touched: usize,
    free: u32,
    free_len: usize,
}

impl<T: Item, const N: usize> Pool<T, N> {
    /// Without memory; the first that is taken is for `at_first` places, at least one and at most `N`.
    pub(super) const fn new(at_first: usize) -> Self {
        Self {
            first: Vec::new(),
            more: Vec::new(),
            capacity: 0,
            at_first,
            touched: 0,
            free: NONE,
            free_len: 0,
        }
    }

    /// Makes sure that the next `count` places can be taken without memory.
    ///
    /// # Errors
    /// No memory, or no numbers left.
    #[inline]
    pub(super) fn reserve(&mut self, count: usize) -> Result<(), Refusal> {
        let room = self.free_len + (self.capacity - self.touched);
        if count <= room { Ok(()) } else { self.grow(count - room) }
    }

    #[cold]
    fn grow(&mut self, more: usize) -> Result<(), Refusal> {
        let no_memory = Refusal::NoMemory { bytes: more.saturating_mul(size_of::<T>()) };
        let total = self.capacity.checked_add(more).and_then(|all| all.checked_next_multiple_of(N));
        if total.is_none_or(|total| total >= NONE as usize) {
            return Err(no_memory);
        }
        let needed = self.capacity + more;
        if self.capacity < N {
            let larger = needed.max(self.capacity * 2).max(self.at_first).min(N);
            let new = larger - self.first.len();
            self.first.try_reserve_exact(new).map_err(|_| no_memory)?;
            self.capacity = larger;
        }
        let chunks = needed.saturating_sub(self.capacity).div_ceil(N);
        self.more.try_reserve(chunks).map_err(|_| no_memory)?;
        for _ in 0..chunks {
            let mut chunk = Vec::new();
            chunk.try_reserve_exact(N).map_err(|_| no_memory)?;
            self.more.push(chunk);
            self.capacity += N;
        }
        Ok(())
    }

    /// A place: the one given back last, as it was then, or a blank one. `None` if nothing was
    /// [reserved](Self::reserve).
    #[inline]
    pub(super) fn take(&mut self) -> Option<u32> {
        if self.free != NONE {
            let place = self.free;
            self.free = self.get(place)?.link();
            self.free_len -= 1;
            return Some(place);
        }
        if self.touched >= self.capacity {
            return None;
        }
        let place = u32::try_from(self.touched).ok()?;
        // Its memory was taken when it was reserved.
        match chunk_of::<N>(self.touched) {
            None => self.first.push(T::blank()),
            Some(chunk) => self.more.get_mut(chunk)?.push(T::blank()),
        }
        self.touched += 1;
        Some(place)
    }

    /// Gives a place back. It must have been taken, and not been given back since.
    #[inline]
    pub(super) fn give(&mut self, place: u32) {
        let next = self.free;
        if let Some(item) = self.get_mut(place) {
            item.set_link(next);
            self.free = place;
            self.free_len += 1;
        }
    }

    #[inline]
    pub(super) fn get(&self, place: u32) -> Option<&T> {
        let place = place as usize;
        match self.first.get(place) {
            Some(item) => Some(item),
            None => self.more.get(chunk_of::<N>(place)?)?.get(place % N),
        }
    }

    #[inline]
    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut T> {
        let place = place as usize;
        match chunk_of::<N>(place) {
            None => self.first.get_mut(place),
            Some(chunk) => self.more.get_mut(chunk)?.get_mut(place % N),
        }
    }

    /// How many places are taken.
    pub(super) fn in_use(&self) -> usize {
        self.touched - self.free_len
    }

    /// Bytes held, in use or not.
    pub(super) fn bytes(&self) -> usize {
        self.capacity * size_of::<T>() + self.more.capacity() * size_of::<Vec<T>>()
    }

    /// How many places the chain of free ones really has, for checks; `None` if it is longer than
    /// it can be.
    pub(super) fn count_free(&self) -> Option<usize> {
        let (mut at, mut seen) = (self.free, 0);
        while at != NONE {
            seen += 1;
            if seen > self.touched {
                return None;
            }
            at = self.get(at)?.link();
        }
        (seen == self.free_len).then_some(seen)
    }
}

/// Which of the chunks after the first a place is in.
#[inline]
const fn chunk_of<const N: usize>(place: usize) -> Option<usize> {
    (place / N).checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Item for u32 {
        fn blank() -> Self {
            NONE
        }
        fn link(&self) -> u32 {
            *self
        }
        fn set_link(&mut self, link: u32) {
            *self = link;
        }
    }

    #[test]
    fn places_are_numbered_from_zero_and_the_last_one_back_is_the_first_out() {
        let mut pool = Pool::<u32, 4>::new(1);
        assert_eq!(pool.take(), None, "nothing was reserved");
        pool.reserve(9).unwrap();
        assert_eq!(
            (0..12).map_while(|_| pool.take()).collect::<Vec<_>>(),
            (0..12).collect::<Vec<_>>()
        );
        assert_eq!(pool.take(), None);
        pool.give(3);
        pool.give(7);
        assert_eq!((pool.in_use(), pool.count_free()), (10, Some(2)));
        pool.reserve(2).unwrap();
        assert!(pool.bytes() < 13 * 4 + 8 * size_of::<Vec<u32>>(), "what is free was enough");
        assert_eq!((pool.take(), pool.take(), pool.take()), (Some(7), Some(3), None));
    }

    #[test]
    fn the_first_chunk_grows_by_doubling_and_the_others_come_whole() {
        let mut pool = Pool::<u32, 64>::new(3);
        let list = size_of::<Vec<u32>>();
        for place in 0..1000_u32 {
            pool.reserve(1).unwrap();
            assert_eq!(pool.take(), Some(place));
            *pool.get_mut(place).unwrap() = place;
            let expected = [3, 6, 12, 24, 48, 64].into_iter().find(|&room| room > place as usize);
            let expected = expected.unwrap_or((place as usize + 1).next_multiple_of(64));
            assert_eq!(pool.capacity, expected);
            assert!(pool.bytes() <= expected * 4 + (expected / 32 + 4) * list);
        }
        assert!((0..1000).all(|place| pool.get(place) == Some(&place)));
        assert!(pool.get(1000).is_none() && pool.get_mut(NONE).is_none());
        // At once what the first chunk and the next two have to share.
        let mut pool = Pool::<u32, 64>::new(3);
        pool.reserve(130).unwrap();
        assert_eq!(pool.capacity, 192);
        assert_eq!((0..200).map_while(|_| pool.take()).count(), 192);
    }

    #[test]
    fn more_places_than_there_are_numbers_are_refused() {
        let mut pool = Pool::<u32, 4>::new(4);
        assert_eq!(
            pool.reserve(usize::MAX / 8),
            Err(Refusal::NoMemory { bytes: usize::MAX / 8 * 4 })
        );
        assert_eq!(pool.bytes(), 0);
    }
}
