//! Operations a few at a time, so that somebody can look at the clock, or ask to stop, in between.
//!
//! For everything long that is not a timed phase of a round: what leads to where a scenario begins, and
//! building a table for the first time. Both cost O(n²) with some structures, which on a large layout is
//! hours; how long parts take is therefore watched, and not how many operations they have.

use std::ops::Range;
use std::time::Duration;

use super::Stopped;

/// How many operations the first part has.
pub(super) const FIRST: usize = 16;
/// A part that took longer is followed by a smaller one.
const PART_MAX: Duration = Duration::from_millis(100);

/// Carries out `all` operations by `part`, which says how many nanoseconds one took; not many more after
/// `most` has passed. How many were done, or `None` when `tick`, which is called before each part,
/// said false.
pub(super) fn in_parts(
    all: usize,
    most: Duration,
    tick: &mut dyn FnMut() -> bool,
    mut part: impl FnMut(Range<usize>) -> Result<u64, Stopped>,
) -> Result<Option<usize>, Stopped> {
    let (mut done, mut size, mut elapsed) = (0_usize, FIRST, Duration::ZERO);
    while done < all && elapsed <= most {
        if !tick() {
            return Ok(None);
        }
        let next = all.min(done.saturating_add(size));
        let took = Duration::from_nanos(part(done..next)?);
        elapsed = elapsed.saturating_add(took);
        done = next;
        if took > PART_MAX {
            size = (size / 2).max(1);
        } else if took < PART_MAX / 4 {
            size = size.saturating_mul(2);
        }
    }
    Ok(Some(done))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Operation number n takes n milliseconds: parts, and how many operations were done.
    fn quadratic(all: usize, most: Duration) -> (Vec<Range<usize>>, Option<usize>) {
        let mut parts = Vec::new();
        let done = in_parts(all, most, &mut || true, |part| {
            parts.push(part.clone());
            Ok(part.map(|n| n as u64 * 1_000_000).sum())
        });
        (parts, done.expect("nothing stops it"))
    }

    #[test]
    fn what_gets_slower_is_given_up_soon_after_its_time() {
        let most = Duration::from_secs(60);
        let (parts, done) = quadratic(1_000_000, most);
        // n operations take n²/2 ms: 60 s are over after 347.
        let done = done.expect("not interrupted");
        assert!((346..360).contains(&done), "{done}");
        assert!(parts.iter().zip(parts.iter().skip(1)).all(|(a, b)| a.end == b.start));
        let took = |part: &Range<usize>| part.clone().sum::<usize>();
        assert!(parts.iter().all(|part| part.len() == 1 || took(part) <= 1_000), "{parts:?}");
    }

    #[test]
    fn all_is_done_where_there_is_time() {
        let (parts, done) = quadratic(100, Duration::MAX);
        assert_eq!(
            (done, parts.first(), parts.last().map(|last| last.end)),
            (Some(100), Some(&(0..16)), Some(100))
        );
        assert_eq!(quadratic(0, Duration::ZERO), (Vec::new(), Some(0)));
    }

    #[test]
    fn whoever_asks_to_stop_waits_for_one_part_only() {
        let mut ticks = 0;
        let mut parts = 0;
        let mut tick = || {
            ticks += 1;
            ticks < 3
        };
        let done = in_parts(1_000_000, Duration::MAX, &mut tick, |_| {
            parts += 1;
            Ok(1)
        });
        assert_eq!((done, parts), (Ok(None), 2));
    }
}
