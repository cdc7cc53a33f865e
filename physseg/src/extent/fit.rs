//! Where in a free run a request fits: alignment and boundary lines, in closed form.

use super::ExtentError;

/// What an allocation asks for, checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    /// Units, less one: the distance from the first to the last.
    span: u64,
    /// A power of two.
    alignment: u64,
    /// Distance between lines that the region must not cross; 0 for none.
    boundary: u64,
    /// Where the lines are counted from.
    base: u64,
}

impl Request {
    pub(super) fn new(
        size: u64,
        alignment: u64,
        boundary: u64,
        base: u64,
    ) -> Result<Self, ExtentError> {
        let span = size.checked_sub(1).ok_or(ExtentError::Empty)?;
        if !alignment.is_power_of_two() {
            return Err(ExtentError::BadAlignment(alignment));
        }
        if boundary != 0 && boundary < size {
            return Err(ExtentError::BadBoundary { boundary, size });
        }
        Ok(Self { span, alignment, boundary, base })
    }

    /// Units, less one.
    pub(super) const fn span(&self) -> u64 {
        self.span
    }

    /// The lowest place for the request in the run from `first` to `last` (inclusive), if any.
    /// `first` is not below the base of the boundary lines.
    ///
    /// At most O(log boundary) steps, whatever the run: see [`first_multiple_within`].
    pub(super) fn place(&self, first: u64, last: u64) -> Option<u64> {
        let aligned = first.checked_next_multiple_of(self.alignment)?;
        let steps = self.steps_to_window(aligned)?;
        let start = self.alignment.checked_mul(steps).and_then(|skip| aligned.checked_add(skip))?;
        (start <= last && last - start >= self.span).then_some(start)
    }

    /// How many alignments above `aligned` a region may start without crossing a line.
    fn steps_to_window(&self, aligned: u64) -> Option<u64> {
        if self.boundary == 0 {
            return Some(0);
        }
        // Offsets from the last line that leave room up to the next one: 0 ..= slack.
        let offset = (aligned - self.base) % self.boundary;
        let slack = self.boundary - 1 - self.span;
        if offset <= slack {
            return Some(0);
        }
        let to_line = self.boundary - offset;
        first_multiple_within(
            self.alignment % self.boundary,
            self.boundary,
            to_line,
            to_line + slack,
        )
    }
}

/// The least x > 0 with `low <= step * x mod modulus <= high`, for 0 < low <= high < modulus and
/// step < modulus; `None` if there is none, or if x has more than 64 bits.
///
/// Either a multiple of `step` lies in the interval before the first wrap, or the problem shrinks
/// as in Euclid's algorithm: how often to wrap is the same question modulo `step`.
fn first_multiple_within(step: u64, modulus: u64, low: u64, high: u64) -> Option<u64> {
    if step == 0 {
        return None;
    }
    let before_wrap = low.div_ceil(step);
    if before_wrap <= high / step {
        return Some(before_wrap);
    }
    // No multiple of `step` lies within, so both remainders are positive and in this order.
    let wraps = first_multiple_within(modulus % step, step, step - high % step, step - low % step)?;
    let reach = u128::from(modulus) * u128::from(wraps) + u128::from(low);
    u64::try_from(reach.div_ceil(u128::from(step))).ok()
}

#[cfg(test)]
mod tests {
    use super::Request;
    use proptest::prelude::*;

    /// The definition, tried out place by place.
    fn naive(request: &Request, first: u64, last: u64) -> Option<u64> {
        (first..=last).find(|start| {
            let (end, line) = (start + request.span, request.boundary);
            let window = |unit: u64| (unit - request.base).checked_div(line);
            start % request.alignment == 0 && end <= last && window(*start) == window(end)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn places_are_those_of_the_definition(
            size in 1..20_u64, shift in 0..6_u32, boundary in 0..40_u64,
            base in 0..50_u64, first in 0..100_u64, length in 0..300_u64,
        ) {
            let boundary = if boundary < size { 0 } else { boundary };
            let request = Request::new(size, 1 << shift, boundary, base).unwrap();
            let (first, last) = (base + first, base + first + length);
            prop_assert_eq!(request.place(first, last), naive(&request, first, last));
        }
    }

    #[test]
    fn lines_that_are_no_multiple_of_the_alignment_are_met_where_the_two_agree() {
        // Lines at 6, 12, 18, ...: 16 to 19 crosses one, 32 to 35 and 48 to 51 do not.
        let request = Request::new(4, 16, 6, 0).unwrap();
        assert_eq!(request.place(1, 1000), Some(32));
        assert_eq!(request.place(33, 1000), Some(48));
        // Odd lines every 2 units and even starts: two units never fit between them.
        assert_eq!(Request::new(2, 2, 2, 1).unwrap().place(1, u64::MAX), None);
    }

    #[test]
    fn the_end_of_the_number_line_is_no_obstacle() {
        let request = Request::new(u64::MAX, 1, 0, 0).unwrap();
        assert_eq!(request.place(1, u64::MAX), Some(1));
        assert_eq!(request.place(2, u64::MAX), None);
        let aligned = Request::new(1, 1 << 63, 0, 0).unwrap();
        assert_eq!(aligned.place((1 << 63) + 1, u64::MAX), None);
        // An odd distance between lines, close to 2^64: no loop over the windows would end.
        let odd = Request::new(u64::MAX - 2, 4, u64::MAX - 2, 0).unwrap();
        assert_eq!(odd.place(1, u64::MAX), None);
        assert_eq!(odd.place(0, u64::MAX), Some(0));
    }
}
