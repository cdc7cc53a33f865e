//! How large the segments of a layout are.

use std::collections::BTreeMap;

use physseg::FrameRange;

use super::words::count;

/// Up to so many different sizes are listed each on its own.
const SIZES_MAX: usize = 12;

/// How many segments there are of some sizes, and how many frames they hold together.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Found {
    pub(super) segments: u64,
    pub(super) frames: u64,
}

/// Sizes in frames, smallest first, with what there is of them: size by size where these are few,
/// else by powers of two.
pub(super) fn sizes(segments: &[FrameRange]) -> Vec<(String, Found)> {
    let exact = group(segments, SIZES_MAX, |frames| frames);
    if let Some(exact) = exact {
        let named = exact.into_iter();
        return named.map(|(size, found)| (count(size), found)).collect();
    }
    let doubling = group(segments, usize::MAX, |frames| 1 << frames.ilog2());
    let named = doubling.into_iter().flatten();
    named.map(|(low, found)| (span_of_sizes(low), found)).collect()
}

/// Segments grouped by a key made of their size; `None` when there are more than `keys_max` keys.
fn group(
    segments: &[FrameRange],
    keys_max: usize,
    key: impl Fn(u64) -> u64,
) -> Option<BTreeMap<u64, Found>> {
    let mut groups = BTreeMap::<u64, Found>::new();
    for segment in segments {
        let found = groups.entry(key(segment.frames())).or_default();
        found.segments += 1;
        found.frames += segment.frames();
        if groups.len() > keys_max {
            return None;
        }
    }
    Some(groups)
}

/// The sizes from `low`, a power of two, to below the next.
fn span_of_sizes(low: u64) -> String {
    match low {
        1 => "1".to_owned(),
        _ => format!("{} to {}", count(low), count(low + (low - 1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::expand::frames;

    fn found(segments: u64, frames: u64) -> Found {
        Found { segments, frames }
    }

    #[test]
    fn few_sizes_are_listed_one_by_one() {
        let segments = [frames(0, 3), frames(8, 11), frames(16, 1040)];
        let expected = [("3".to_owned(), found(2, 6)), ("1,024".to_owned(), found(1, 1024))];
        assert_eq!(sizes(&segments), expected);
    }

    #[test]
    fn many_sizes_are_grouped_by_powers_of_two() {
        let segments: Vec<_> = (1..=13).map(|size| frames(100 * size, 101 * size)).collect();
        let expected = [
            ("1".to_owned(), found(1, 1)),
            ("2 to 3".to_owned(), found(2, 5)),
            ("4 to 7".to_owned(), found(4, 22)),
            ("8 to 15".to_owned(), found(6, 63)),
        ];
        assert_eq!(sizes(&segments), expected);
    }

    #[test]
    fn the_largest_group_has_an_end() {
        let name = "9,223,372,036,854,775,808 to 18,446,744,073,709,551,615";
        assert_eq!(span_of_sizes(1 << 63), name);
    }
}
