//! The parameter of a workload: a number with three places behind the point.
//!
//! Whole thousandths and not a float, so that a workload can be compared and hashed, and its name in a
//! record leads back to exactly the same workload.

use std::fmt;

/// A number of 0 or more, in steps of 1/1000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Thousandths(u32);

impl Thousandths {
    /// So many thousandths.
    pub const fn new(thousandths: u32) -> Self {
        Self(thousandths)
    }

    /// How many thousandths.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// As a number.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// Reads `1`, `1.1` or `.125`; `None` for anything else, more than three places among it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (whole, places) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_empty = whole.is_empty() && places.is_empty();
        if is_empty || !digits(whole) || !digits(places) || places.len() > 3 {
            return None;
        }
        let whole: u32 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let places: u32 = format!("{places:0<3}").parse().ok()?;
        whole.checked_mul(1000)?.checked_add(places).map(Self)
    }
}

impl fmt::Display for Thousandths {
    /// The shortest text that reads back the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, places) = (self.0 / 1000, format!("{:03}", self.0 % 1000));
        match places.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            places => write!(f, "{whole}.{places}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Thousandths;

    #[test]
    fn numbers_are_read_and_written_in_their_shortest_form() {
        for (text, value, written) in [
            ("1", 1000, "1"),
            ("1.1", 1100, "1.1"),
            ("0.90", 900, "0.9"),
            (".125", 125, "0.125"),
            ("2.", 2000, "2"),
            ("0", 0, "0"),
        ] {
            let read = Thousandths::parse(text).expect(text);
            assert_eq!((read.get(), read.to_string().as_str()), (value, written));
        }
        for bad in ["", ".", "-1", "+1", "1.0001", "1e3", "1.1.1", "x", "99999999", " 1"] {
            assert_eq!(Thousandths::parse(bad), None, "{bad}");
        }
    }
}
