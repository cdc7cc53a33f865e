//! Other work, done before a burst of mode `cold`: what a kernel does between two lookups, as far as it
//! takes the structure out of the caches and its branches out of the predictors.
//!
//! Three things, none of them timed: a buffer twice as large as the second-level cache is read and
//! written line by line; a word in each of 2,048 pages is read, so that their translations replace
//! others; and 4,096 branches depend on random bits. Not displaced are what a larger last-level cache
//! keeps beside such a buffer, the few instructions of the loop itself, and translations where the
//! system backs the buffer with huge pages.

use std::hint::black_box;

use crate::workload::{Generator, Xoshiro};

/// Where the size of the second-level cache is not known.
const BYTES_DEFAULT: usize = 4 << 20;
/// More would take longer than is sensible before each burst.
const BYTES_MAX: usize = 32 << 20;

/// Bytes of a cache line, and words in it; a larger line is met more than once, which does no harm.
const LINE: usize = 64;
const LINE_WORDS: usize = LINE / size_of::<u64>();

const PAGES: usize = 2048;
const PAGE_WORDS: usize = 4096 / size_of::<u64>();

/// Random words, each of which decides 64 branches.
const BRANCH_WORDS: usize = 64;

/// How many bytes other work goes through on a machine whose second-level cache has `level2` bytes.
pub fn displaced_bytes(level2: Option<u64>) -> usize {
    let twice = level2.and_then(|bytes| usize::try_from(bytes.checked_mul(2)?).ok());
    twice.filter(|&bytes| bytes > 0).unwrap_or(BYTES_DEFAULT).min(BYTES_MAX)
}

/// What other work is done on.
pub(super) struct Elsewhere {
    words: Vec<u64>,
    /// So many of the words are read and written line by line.
    streamed: usize,
    generator: Xoshiro,
}

impl Elsewhere {
    /// A buffer of `bytes`, and of as many pages as are touched in any case.
    pub(super) fn new(bytes: usize, seed: u64) -> Self {
        let streamed = bytes.min(BYTES_MAX) / size_of::<u64>();
        let words = vec![0; streamed.max(PAGES * PAGE_WORDS)];
        Self { words, streamed, generator: Xoshiro::seeded(seed) }
    }

    /// Does it once. What comes back has no meaning, but depends on everything that was read.
    #[inline(never)]
    pub(super) fn work(&mut self) -> u64 {
        let mut sum = self.generator.next();
        for word in self.words[..self.streamed].iter_mut().step_by(LINE_WORDS) {
            sum = sum.wrapping_add(*word);
            *word = sum;
        }
        for (page, words) in self.words.chunks_exact(PAGE_WORDS).take(PAGES).enumerate() {
            // Another line of each page: the same one of all would meet in few sets of a cache.
            sum = sum.wrapping_add(words[page % (PAGE_WORDS / LINE_WORDS) * LINE_WORDS]);
        }
        black_box(branches(sum, &mut self.generator))
    }
}

/// Branches that nobody can guess. Either side goes through `black_box`, or the compiler would do
/// without a branch.
fn branches(mut sum: u64, generator: &mut Xoshiro) -> u64 {
    for _ in 0..BRANCH_WORDS {
        let word = generator.next();
        for bit in 0..u64::BITS {
            if word >> bit & 1 == 0 {
                sum = black_box(sum.wrapping_add(word));
            } else {
                sum = black_box(sum ^ word);
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{BRANCH_WORDS, Elsewhere, LINE_WORDS, PAGE_WORDS, PAGES, displaced_bytes};
    use crate::workload::{Generator, Xoshiro};

    #[test]
    fn twice_the_cache_within_bounds() {
        assert_eq!(displaced_bytes(Some(1 << 20)), 2 << 20);
        assert_eq!(displaced_bytes(Some(1 << 40)), 32 << 20);
        for unknown in [None, Some(0), Some(u64::MAX)] {
            assert_eq!(displaced_bytes(unknown), 4 << 20);
        }
    }

    #[test]
    fn every_line_is_written() {
        let mut elsewhere = Elsewhere::new(1 << 16, 1);
        elsewhere.work();
        let lines = elsewhere.words[..(1 << 16) / 8].chunks(LINE_WORDS);
        assert!(lines.into_iter().all(|line| line[0] != 0));
        assert!(elsewhere.words[(1 << 16) / 8..].iter().all(|&word| word == 0), "pages are read");
        let mut none = Elsewhere::new(0, 1);
        none.work();
        assert!(none.words.iter().all(|&word| word == 0));
    }

    #[test]
    fn a_word_of_every_page_is_read() {
        let mut elsewhere = Elsewhere::new(0, 1);
        let mut work = |words: &[usize]| {
            for &word in words {
                elsewhere.words[word] = 1;
            }
            elsewhere.generator = Xoshiro::seeded(1);
            let sum = elsewhere.work();
            for &word in words {
                elsewhere.words[word] = 0;
            }
            sum
        };
        let nothing = work(&[]);
        for page in [0, 1, 63, 64, PAGES - 1] {
            let line = page % (PAGE_WORDS / LINE_WORDS);
            assert_ne!(work(&[page * PAGE_WORDS + line * LINE_WORDS]), nothing, "page {page}");
            assert_eq!(work(&[page * PAGE_WORDS + line * LINE_WORDS + 1]), nothing, "one word");
        }
    }

    #[test]
    fn as_many_random_bits_are_branched_on_as_there_should_be() {
        let (mut elsewhere, mut generator) = (Elsewhere::new(0, 1), Xoshiro::seeded(1));
        let first = generator.next();
        assert_ne!(elsewhere.work(), first);
        for _ in 0..BRANCH_WORDS {
            generator.next();
        }
        assert_eq!(elsewhere.generator.next(), generator.next());
    }
}
