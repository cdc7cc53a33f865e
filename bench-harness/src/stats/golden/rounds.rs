//! The comparison of paired rounds against an implementation that shares no code and no algebra with ours.
//!
//! In Python, with numpy 2 and scipy 1.17.1, on the groups written out below: midmeans by
//! `scipy.stats.trim_mean(values, 0.25)`; gross by `t.interval(0.95, ...)` of the groups' midmeans of
//! `log(x / r)` and `ttest_1samp`; means by `brentq` on `ttest_1samp(c - rho * l, 0).pvalue - 0.05` to either
//! side of the point, c and l being the groups' sums; net by `brentq` on
//! `(m - log1p(q s))**2 - t**2 var(midmeans - q / (1 + q s) l)` with l the midmeans of 1 - b / r and s their mean.
//! Where groups are left out, by `trim_mean`, `mstats.winsorize`, and `cov(...) (n - 1) / (h (h - 1))`.

use crate::stats::{
    Change, Comparison, Rounds, Unit, compare_rounds, groups::lag1, location::quantile,
};

/// Whole numbers of nanoseconds: a machine that comes and goes every 13 rounds, noise from the classic congruential
/// generator (modulus 2^31, multiplier 1103515245, increment 12345, its upper 15 bits), and three spikes.
fn rounds(count: u32) -> [Vec<f64>; 3] {
    let mut state = 12_345_u64;
    let mut noise = |below: u64| {
        state = (1_103_515_245 * state + 12_345) % (1 << 31);
        (state >> 16) % below
    };
    let mut series = [vec![], vec![], vec![]];
    for round in 0..u64::from(count) {
        let moment = round * 7 % 13;
        let reference = 20_000 + 100 * moment + noise(400);
        let value = 20_300 + 101 * moment + noise(400);
        let baseline = 1_600 + 8 * moment + noise(30);
        let value = if round % 17 == 11 { 3 * value } else { value };
        for (times, time) in series.iter_mut().zip([value, reference, baseline]) {
            times.push(time as f64);
        }
    }
    series
}

fn compared(count: u32) -> Comparison {
    let [values, reference, baseline] = &rounds(count);
    let processes = vec![0; values.len()];
    let rounds = Rounds { values, reference, baseline, processes: &processes, cycle: 6 };
    compare_rounds(&rounds, Unit::Rounds).expect("times above zero")
}

#[track_caller]
fn close(got: Option<f64>, want: f64) {
    let got = got.expect("a figure");
    assert!((got - want).abs() <= 1e-9 * want.abs(), "{got} is not {want}");
}

/// Point, low, high, p-value.
#[track_caller]
fn is(got: Option<Change>, want: [f64; 4]) {
    let got = got.expect("a change");
    close(Some(got.point), want[0]);
    close(got.low, want[1]);
    close(got.high, want[2]);
    close(got.p_value, want[3]);
}

#[test]
fn the_data_are_those_the_other_implementation_had() {
    let [values, reference, baseline] = rounds(3);
    assert_eq!(values, [20_688.0, 21_134.0, 20_523.0]);
    assert_eq!(reference, [20_268.0, 20_998.0, 20_241.0]);
    assert_eq!(baseline, [1_607.0, 1_681.0, 1_618.0]);
}

/// Five groups of twelve rounds, [0, 12), [12, 24) and so on.
#[test]
fn sixty_rounds_as_numpy_and_scipy_have_them() {
    let sixty = compared(60);
    let p_value = 7.248_183_757_243_743e-5;
    is(
        sixty.gross,
        [0.017_136_554_493_330_233, 0.014_295_121_558_619_816, 0.019_985_947_380_672_63, p_value],
    );
    is(
        sixty.net,
        [0.018_627_154_870_358_088, 0.015_536_601_799_406_207, 0.021_727_142_309_086_307, p_value],
    );
    is(
        sixty.means,
        [
            0.116_347_386_983_007_4,
            0.003_685_909_928_387_021,
            0.228_992_100_621_359_33,
            0.045_593_716_409_070_55,
        ],
    );
    assert_eq!(sixty.units, 5);
}

/// Each round stands for itself.
#[test]
fn seven_rounds_as_numpy_and_scipy_have_them() {
    let seven = compared(7);
    let p_value = 0.000_495_448_833_125_283_4;
    is(
        seven.gross,
        [0.014_455_135_104_175_135, 0.009_229_579_906_303_012, 0.019_707_747_007_151_506, p_value],
    );
    is(
        seven.net,
        [0.015_706_799_770_840_42, 0.010_027_681_468_110_904, 0.021_416_554_349_355_31, p_value],
    );
    is(
        seven.means,
        [
            0.014_388_986_890_802_702,
            0.009_209_532_216_064_131,
            0.019_728_728_100_099_29,
            0.000_429_036_241_005_878_3,
        ],
    );
    assert_eq!(seven.units, 7);
}

/// Of thirteen, one of them three times as long, two are left out at either end.
#[test]
fn thirteen_rounds_as_numpy_and_scipy_have_them() {
    let thirteen = compared(13);
    let p_value = 0.000_273_399_899_561_654_1;
    is(
        thirteen.gross,
        [0.015_120_891_155_352_022, 0.009_426_388_413_730_57, 0.020_847_518_440_027_368, p_value],
    );
    is(
        thirteen.net,
        [0.016_433_458_801_053_333, 0.010_242_942_845_130_349, 0.022_660_954_190_143_617, p_value],
    );
    let means = thirteen.means.expect("means");
    close(Some(means.point), 0.175_590_068_080_513_8);
    close(means.low, -0.176_959_677_020_936_73);
    assert_eq!(thirteen.units, 13);
}

/// numpy: `(c[1:] * c[:-1]).sum() / (c * c).sum()` with `c = r - r.mean()`, as the `acf` of `statsmodels` has it.
#[test]
fn resemblance_of_neighbours_as_numpy_has_it() {
    close(lag1(&rounds(60)[1]), -0.581_623_122_207_701_8);
    close(lag1(&rounds(7)[1]), -0.799_802_436_510_259_5);
}

/// `numpy.quantile(x, [0.25, 0.5, 0.75, 0.9])`.
#[test]
fn quantiles_as_numpy_has_them() {
    for (count, want) in [
        (60, [20_782.0, 21_157.5, 21_499.0, 21_713.0]),
        (7, [20_693.5, 20_789.0, 21_247.0, 21_392.8]),
    ] {
        let [mut values, ..] = rounds(count);
        values.sort_by(f64::total_cmp);
        for (part, want) in [0.25, 0.5, 0.75, 0.9].into_iter().zip(want) {
            close(Some(quantile(&values, part)), want);
        }
    }
}
