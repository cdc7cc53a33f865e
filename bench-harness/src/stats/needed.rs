//! How much more it would take to know a change as precisely as was asked for.

use super::student;

/// Beyond this many processes nobody goes on counting.
const PROCESSES_MAX: u64 = 1_000_000;

/// How many rounds it would take for an interval of half-width `wanted`, if `rounds` gave `half_width`.
///
/// The half-width falls with the square root of the rounds: rounds times the square of `half_width / wanted`, rounded
/// up. `None` for widths that are not above zero, or a number beyond 2^53.
pub fn rounds_needed(rounds: u64, half_width: f64, wanted: f64) -> Option<u64> {
    let needed = (rounds as f64 * (half_width / wanted).powi(2)).ceil();
    // Positive and whole, and below 2^53: exact.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (wanted > 0.0 && half_width > 0.0 && needed < 2_f64.powi(53)).then_some(needed as u64)
}

/// How many processes it would take for an interval of half-width `wanted`, if `processes`
/// gave `half_width`, each process being one piece of evidence.
///
/// With s the spread between processes, the half-width of m of them is t(0.975, m - 1) s / sqrt(m);
/// Student's quantile falls quickly at first, so fewer are needed than the square of the widths
/// says. `None` with fewer than two processes, for widths that are not above zero, or beyond a
/// million processes.
pub fn processes_needed(processes: u64, half_width: f64, wanted: f64) -> Option<u64> {
    let factor =
        |count: u64| Some(student::quantile_975(count as f64 - 1.0)? / (count as f64).sqrt());
    if processes < 2 || !(wanted > 0.0 && half_width > 0.0) {
        return None;
    }
    let enough = factor(processes)? * wanted / half_width;
    let reaches = |count: u64| factor(count).is_some_and(|factor| factor <= enough);
    if !reaches(PROCESSES_MAX) {
        return None;
    }
    // The factor falls with every process, so the least that reaches it is found by halving.
    let (mut low, mut high) = (2, PROCESSES_MAX);
    while low < high {
        let middle = u64::midpoint(low, high);
        if reaches(middle) { high = middle } else { low = middle + 1 }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use super::{processes_needed, rounds_needed};

    #[test]
    fn half_the_width_takes_four_times_the_rounds() {
        assert_eq!(rounds_needed(60, 0.02, 0.01), Some(240));
        assert_eq!(rounds_needed(60, 0.01, 0.01), Some(60));
        assert_eq!(rounds_needed(60, 0.01, 0.02), Some(15));
        assert_eq!(rounds_needed(60, 0.0, 0.01), None);
        assert_eq!(rounds_needed(60, 0.01, 0.0), None);
        assert_eq!(rounds_needed(60, 1.0, 1e-9), None);
    }

    #[test]
    fn processes_count_students_quantile() {
        // By tables: t(1)/sqrt(2) = 8.985, t(2)/sqrt(3) = 2.484, t(3)/2 = 1.591, t(4)/sqrt(5) = 1.242.
        assert_eq!(processes_needed(2, 8.985, 2.49), Some(3));
        assert_eq!(processes_needed(2, 8.985, 2.48), Some(4));
        assert_eq!(processes_needed(3, 2.484, 1.25), Some(5));
        assert_eq!(processes_needed(3, 2.484, 2.484), Some(3));
        assert_eq!(processes_needed(1, 1.0, 0.5), None);
        assert_eq!(processes_needed(2, 1.0, 0.0), None);
        assert_eq!(processes_needed(9, 1.0, 1e-9), None);
    }
}
