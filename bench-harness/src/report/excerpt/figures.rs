//! Figures as documents print them: a little shorter than in reports, with thousands apart.

use crate::report::numbers::{NONE, decimals, finite};

/// `value` to `digits` significant digits, rounded before its decimals are chosen, so that 9.996 is `10.0`.
pub(super) fn significant(value: f64, digits: i32) -> String {
    let places = usize::try_from(digits - 1).unwrap_or(0);
    let rounded: f64 = format!("{value:.places$e}").parse().unwrap_or(value);
    grouped(&format!("{rounded:.*}", decimals(rounded, digits)))
}

/// `17.81 ± 0.03`: two significant digits of the margin, at most two decimals.
pub(super) fn with_margin(value: Option<f64>, margin: Option<f64>) -> Option<String> {
    let value = finite(value)?;
    let Some(margin) = finite(margin).filter(|margin| *margin >= 0.0) else {
        return Some(significant(value, 3));
    };
    let places = if margin > 0.0 { decimals(margin, 2).min(2) } else { 2 };
    Some(format!("{} ± {margin:.places$}", grouped(&format!("{value:.places$}"))))
}

/// `17.2 [14.6, 20.2]`: how many times as fast as the reference, of a change of time in percent.
pub(super) fn factor(change: [Option<f64>; 3]) -> Option<String> {
    let [value, low, high] = change.map(|pct| finite(pct).map(|pct| 100.0 / (100.0 + pct)));
    // The longer it takes, the smaller the factor: the bounds change places.
    bounded(value, high, low, |factor| {
        if factor > 0.0 && factor.is_finite() { significant(factor, 3) } else { "∞".to_owned() }
    })
}

/// `+45.9 [+43.4, +48.6]`, with as many decimals as are asked for.
pub(super) fn change(change: [Option<f64>; 3], places: usize) -> Option<String> {
    let [value, low, high] = change.map(finite);
    bounded(value, low, high, |pct| signed(pct, places))
}

fn bounded(
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    shown: impl Fn(f64) -> String,
) -> Option<String> {
    let value = shown(value?);
    match (low, high) {
        (Some(low), Some(high)) => Some(format!("{value} [{}, {}]", shown(low), shown(high))),
        _ => Some(value),
    }
}

/// A number that always has its sign.
pub(super) fn signed(value: f64, places: usize) -> String {
    grouped(&format!("{value:+.places$}"))
}

/// Nanoseconds in the unit in which they are best read, three significant digits.
pub(super) fn time_of_ns(ns: f64) -> String {
    let (unit, size) = match ns.abs() {
        n if n < 1e3 => ("ns", 1.0),
        n if n < 1e6 => ("µs", 1e3),
        n if n < 1e9 => ("ms", 1e6),
        _ => ("s", 1e9),
    };
    format!("{} {unit}", significant(ns / size, 3))
}

/// Bytes in the unit in which they are best read, at most three significant digits.
pub(super) fn bytes(n: f64) -> String {
    let mut size = n;
    for unit in ["B", "KiB", "MiB"] {
        if size < 1024.0 {
            return format!("{} {unit}", trimmed(size, 3));
        }
        size /= 1024.0;
    }
    format!("{} GiB", trimmed(size, 3))
}

/// Significant digits without zeros behind the point.
pub(super) fn trimmed(value: f64, digits: i32) -> String {
    let text = significant(value, digits);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A whole number with commas between thousands.
pub(super) fn whole(n: u64) -> String {
    grouped(&n.to_string())
}

/// A cell of a table.
pub(super) fn cell(figure: Option<String>) -> String {
    figure.unwrap_or_else(|| NONE.to_owned())
}

/// Commas between the thousands of a number in decimal digits.
fn grouped(number: &str) -> String {
    let (sign, rest) = match number.strip_prefix(['+', '-']) {
        Some(rest) => (&number[..1], rest),
        None => ("", number),
    };
    let (whole, fraction) = match rest.find('.') {
        Some(point) => rest.split_at(point),
        None => (rest, ""),
    };
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{sign}{text}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_chosen_after_rounding() {
        let shown = [9.996, 0.0, 104.2, 1535.2, 0.0287, 99.96, 33_554_401.0];
        let expected = ["10.0", "0", "104", "1,540", "0.0287", "100", "33,600,000"];
        assert_eq!(shown.map(|v| significant(v, 3)), expected.map(String::from));
    }

    #[test]
    fn margins_set_the_digits() {
        let shown = |value, margin| with_margin(Some(value), Some(margin)).expect("a figure");
        assert_eq!(shown(19.584, 0.371), "19.58 ± 0.37");
        assert_eq!(shown(60.66, 1.42), "60.7 ± 1.4");
        assert_eq!(shown(1534.6, 76.2), "1,535 ± 76");
        assert_eq!(shown(4.46, 0.021), "4.46 ± 0.02");
        assert_eq!(with_margin(Some(2.0), None).as_deref(), Some("2.00"));
        assert_eq!(with_margin(None, Some(1.0)), None);
        assert_eq!(with_margin(Some(f64::NAN), Some(1.0)), None);
    }

    #[test]
    fn a_factor_has_its_bounds_the_other_way_round() {
        let factor = |change| factor(change).expect("a figure");
        assert_eq!(factor([Some(-50.0), Some(-60.0), Some(-20.0)]), "2.00 [1.25, 2.50]");
        assert_eq!(factor([Some(-94.0), Some(-100.0), Some(-90.0)]), "16.7 [10.0, ∞]");
        assert_eq!(factor([Some(100.0), None, None]), "0.500");
    }

    #[test]
    fn changes_times_and_bytes() {
        let whole = change([Some(-20.04), Some(-21.3), Some(0.4)], 0);
        assert_eq!(whole.as_deref(), Some("-20 [-21, +0]"));
        assert_eq!([47.9, 7_120.0, 1.3e6].map(time_of_ns), ["47.9 ns", "7.12 µs", "1.30 ms"]);
        assert_eq!([96.0, 2304.0, 791_000.0].map(bytes), ["96 B", "2.25 KiB", "772 KiB"]);
    }
}
