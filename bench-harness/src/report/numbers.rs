//! Figures as people read them: significant digits, units, signs.
//!
//! The records keep full precision; rounding happens here and nowhere else. Used by tables, pages
//! and figures.

/// What stands for a figure that does not exist.
pub(super) const NONE: &str = "–";

/// Beyond this a figure is damage, not data: 30 million years, in seconds.
const LARGEST: f64 = 1e15;

/// A figure if it exists and can be one. Records can be edited by hand; what is not a number, or
/// would overflow once converted, is shown as missing.
pub(super) fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.abs() <= LARGEST)
}

/// A count as on the command line: `100`, `2.5K`, `100M`, `10G`; plain where that would round.
pub(super) fn count(n: u64) -> String {
    for (unit, suffix) in
        [(1_000_000_000_000_u64, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1_000, "K")]
    {
        if n >= unit && (n / unit < 1000 || suffix == "T") && n.is_multiple_of(unit / 1000) {
            let text = format!("{}.{:03}", n / unit, n % unit / (unit / 1000));
            let text = text.trim_end_matches('0').trim_end_matches('.');
            return format!("{text}{suffix}");
        }
    }
    n.to_string()
}

/// Decimals that give `digits` significant digits to a figure of this size.
pub(super) fn decimals(size: f64, digits: i32) -> usize {
    if size == 0.0 || !size.is_finite() {
        return 0;
    }
    // Bounded by the clamp, so the conversion is exact.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let decimals = (f64::from(digits - 1) - size.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    decimals
}

/// `value` with fixed decimals; never `-0`, and in powers of ten where digits would run on.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e9 {
        return format!("{value:.2e}");
    }
    let text = format!("{value:.decimals$}");
    let zero = text.starts_with('-') && text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if zero { text[1..].to_owned() } else { text }
}

/// `value` with about `digits` significant digits.
pub(super) fn significant(value: f64, digits: i32) -> String {
    fixed(value, decimals(value, digits))
}

/// A change in percent, always with its sign; `size` sets the decimals, so that a change and its
/// bounds agree.
pub(super) fn change(value: f64, size: f64) -> String {
    let decimals = match size.abs() {
        s if s < 10.0 => 2,
        s if s < 1000.0 => 1,
        _ => 0,
    };
    let text = if value.abs() >= 1e6 { format!("{value:.1e}") } else { fixed(value, decimals) };
    if text.starts_with('-') { text } else { format!("+{text}") }
}

/// A change and its bounds as cells: change, low, high.
pub(super) fn change_cells(value: Option<f64>, low: Option<f64>, high: Option<f64>) -> [String; 3] {
    let value = finite(value);
    let size = value.unwrap_or(0.0);
    [value, finite(low), finite(high)]
        .map(|v| v.map_or_else(|| NONE.to_owned(), |v| change(v, size)))
}

/// A p-value.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { fixed(p, 3) }
}

/// The unit in which a time is best read.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct TimeUnit {
    /// Its symbol.
    pub symbol: &'static str,
    /// How many of it make a second.
    pub per_second: f64,
}

impl TimeUnit {
    /// The largest unit of which `seconds` is at least one; nanoseconds for less.
    pub(super) fn of(seconds: f64) -> Self {
        let (symbol, per_second) = match seconds.abs() {
            s if s >= 1.0 => ("s", 1.0),
            s if s >= 1e-3 => ("ms", 1e3),
            s if s >= 1e-6 => ("µs", 1e6),
            _ => ("ns", 1e9),
        };
        Self { symbol, per_second }
    }
}

/// A time with its unit, four significant digits.
pub(super) fn time(seconds: f64) -> String {
    let unit = TimeUnit::of(seconds);
    format!("{} {}", significant(seconds * unit.per_second, 4), unit.symbol)
}

/// Bytes, in the unit in which they are best read.
pub(super) fn bytes(n: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.into_iter().find(|(unit, _)| n >= *unit) {
        Some((unit, symbol)) if n.is_multiple_of(unit) => format!("{} {symbol}", n / unit),
        Some((unit, symbol)) => format!("{} {symbol}", significant(n as f64 / unit as f64, 3)),
        None => format!("{n} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_as_they_are_typed() {
        let read =
            [0, 1, 100, 999, 1000, 1234, 2500, 12_345, 10_000_000, 100_000_000_000, u64::MAX];
        let shown = [
            "0",
            "1",
            "100",
            "999",
            "1K",
            "1.234K",
            "2.5K",
            "12.345K",
            "10M",
            "100G",
            "18446744073709551615",
        ];
        assert_eq!(read.map(count), shown.map(String::from));
    }

    #[test]
    fn digits_follow_the_size() {
        assert_eq!(significant(8.934_812, 4), "8.935");
        assert_eq!(significant(0.001_234_56, 3), "0.00123");
        assert_eq!(significant(123_456.7, 3), "123457");
        assert_eq!(significant(0.0, 3), "0");
        assert_eq!(fixed(-0.0001, 2), "0.00");
        assert_eq!(significant(1.5e300, 3), "1.50e300");
    }

    #[test]
    fn changes_carry_their_sign() {
        assert_eq!(change(5.9, 5.9), "+5.90");
        assert_eq!(change(-2.4, -2.4), "-2.40");
        assert_eq!(change(0.0, 0.0), "+0.00");
        assert_eq!(change(-0.001, 3.0), "+0.00");
        assert_eq!(change(4321.0, 4321.0), "+4321");
        assert_eq!(change_cells(Some(f64::NAN), None, Some(2.0)), ["–", "–", "+2.00"]);
    }

    #[test]
    fn bytes_carry_their_unit() {
        assert_eq!(
            [0, 1023, 1024, 1536, 3 << 20, 5_000_000_000].map(bytes),
            ["0 B", "1023 B", "1 KiB", "1.50 KiB", "3 MiB", "4.66 GiB"].map(String::from)
        );
    }

    #[test]
    fn times_carry_their_unit() {
        assert_eq!(time(8.932_54), "8.933 s");
        assert_eq!(time(0.004_599), "4.599 ms");
        assert_eq!(time(2.5e-7), "250.0 ns");
        assert_eq!(time(0.0), "0 ns");
    }
}
