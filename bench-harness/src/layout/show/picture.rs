//! The span of a layout as one line of text.

use physseg::FrameRange;

/// What the characters of [`bar`] mean.
pub(super) const LEGEND: &str =
    "(\u{2588} all present \u{2593} \u{2592} \u{2591} some \u{b7} none)";

/// One character for each stretch of the span, by the share of its frames that is present.
///
/// A stretch is at least a frame, so the bar of a short span is narrower than `width`.
pub(super) fn bar(segments: &[FrameRange], span: FrameRange, width: usize) -> String {
    let columns = span.frames().min(width as u64);
    let start = span.start().get();
    // Where column number `column` begins: exact, so that columns differ by at most a frame.
    let edge = |column: u64| -> u64 {
        let offset = u128::from(span.frames()) * u128::from(column) / u128::from(columns);
        #[allow(clippy::cast_possible_truncation)] // at most the frames of the span
        let offset = offset as u64;
        start + offset
    };
    let mut segments = segments.iter().peekable();
    (0..columns)
        .map(|column| {
            let (low, high) = (edge(column), edge(column + 1));
            let mut present = 0;
            while let Some(segment) = segments.peek() {
                let (from, to) = (segment.start().get(), segment.end().get());
                present += to.min(high).saturating_sub(from.max(low));
                if to > high {
                    break; // goes on in the next column, or begins after this one
                }
                segments.next();
            }
            shade(present, high - low)
        })
        .collect()
}

fn shade(present: u64, frames: u64) -> char {
    match present {
        0 => '\u{b7}',
        all if all == frames => '\u{2588}',
        some => {
            let third = u128::from(some) * 3 / u128::from(frames);
            ['\u{2591}', '\u{2592}', '\u{2593}'][usize::try_from(third).unwrap_or(2).min(2)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::expand::frames;

    #[test]
    fn each_column_shows_the_share_that_is_present() {
        let span = frames(0, 40);
        let segments = [frames(0, 11), frames(20, 25), frames(32, 40)];
        assert_eq!(bar(&segments, span, 4), "\u{2588}\u{2591}\u{2592}\u{2593}");
        assert_eq!(bar(&[frames(0, 10), frames(30, 40)], span, 4), "\u{2588}\u{b7}\u{b7}\u{2588}");
    }

    #[test]
    fn a_span_shorter_than_the_line_has_a_column_for_each_frame() {
        let bar = bar(&[frames(5, 6), frames(7, 8)], frames(5, 8), 80);
        assert_eq!(bar, "\u{2588}\u{b7}\u{2588}");
    }

    #[test]
    fn the_largest_span_there_is_fits_too() {
        let all = frames(0, u64::MAX);
        assert_eq!(bar(&[all], all, 80).chars().filter(|&c| c == '\u{2588}').count(), 80);
    }
}
