//! Round figures on a scale of ratios: `1/10x`, `1/2x`, `1x`, `2x`, `10x`, and percent near 1.
//!
//! On such a scale twice and half are equally far from 1, so that a change of -98 % shows beside one
//! of +1500 %. Used by the [`Axis`](super::axis::Axis) only.

use super::axis::Tick;

/// Least distance of two labels, as a share of the scale.
const APART: f64 = 0.095;

/// Sets of figures from 1 to below 10, the finest first; their reciprocals go with them.
const SETS: [&[f64]; 4] = [&[1.0, 2.0, 3.0, 5.0], &[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];

/// Changes near 1 that have a label beside the first set, in percent.
const NEAR: [f64; 2] = [-30.0, 50.0];

/// Decades to either side of 1 that are thought of.
const DECADES: i32 = 20;

/// The finest set of labels that have room between `low` and `high`, both above zero.
pub(super) fn ticks(low: f64, high: f64) -> Vec<Tick> {
    let inside = |tick: &Tick| tick.value >= low * 0.999_999 && tick.value <= high * 1.000_001;
    let room = (high / low).ln() * APART;
    let fits =
        |ticks: &[Tick]| ticks.windows(2).all(|pair| (pair[1].value / pair[0].value).ln() >= room);
    let sets = SETS.iter().map(|set| (*set, 1));
    let sparse = (2..=DECADES).map(|stride| (SETS[SETS.len() - 1], stride));
    let mut chosen = Vec::new();
    for (index, (set, stride)) in sets.chain(sparse).enumerate() {
        let near: &[f64] = if index == 0 { &NEAR } else { &[] };
        chosen = all(set, stride, near);
        chosen.retain(inside);
        if fits(&chosen) {
            break;
        }
    }
    chosen
}

fn all(set: &[f64], stride: i32, near: &[f64]) -> Vec<Tick> {
    let mut ticks: Vec<Tick> = near
        .iter()
        .map(|change| Tick { value: 1.0 + change / 100.0, label: format!("{change:+} %") })
        .collect();
    for exponent in (0..=DECADES).filter(|exponent| exponent % stride == 0) {
        for mantissa in set {
            let n = mantissa * 10_f64.powi(exponent);
            let digits = if n < 1e6 { format!("{n:.0}") } else { format!("{n:e}") };
            if n > 1.0 {
                ticks.push(Tick { value: 1.0 / n, label: format!("1/{digits}x") });
            }
            ticks.push(Tick { value: n, label: format!("{digits}x") });
        }
    }
    ticks.sort_by(|a, b| a.value.total_cmp(&b.value));
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64) -> Vec<String> {
        ticks(low, high).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn labels_are_ratios_and_percent_near_one() {
        assert_eq!(labels(0.4, 3.5), ["1/2x", "-30 %", "1x", "+50 %", "2x", "3x"]);
        assert_eq!(
            labels(0.016, 20.0),
            ["1/50x", "1/20x", "1/10x", "1/5x", "1/2x", "1x", "2x", "5x", "10x", "20x"]
        );
        assert_eq!(
            labels(1e-4, 2.0)[2..],
            ["1/1000x", "1/300x", "1/100x", "1/30x", "1/10x", "1/3x", "1x"]
        );
        let wide = labels(1e-7, 2.0);
        assert_eq!([&wide[0], &wide[2], &wide[7]], ["1/1e7x", "1/100000x", "1x"]);
        assert!((1..=12).contains(&labels(1e-15, 1e15).len()));
        assert!(labels(1e300, 1e301).is_empty(), "nothing round is near, and nothing is made up");
    }
}
