//! Golden tests: our figures against the paper's printed ones and against scipy's.
//!
//! Constants marked "scipy" were computed with scipy 1.17.1 and numpy: `scipy.stats.t.ppf`, `2 *
//! t.sf`, `ttest_rel`, `ttest_ind_from_stats`; exact means and variances with Python's `fractions`;
//! Fieller's bounds by solving `ttest_1samp(x - rho * r, 0).pvalue = 0.05` for rho numerically, which
//! shares no algebra with ours.

mod rounds;

use std::collections::HashMap;

use super::{Moments, change, describe, margin95_z, net, net_change, student, welch_change};

const TABLE_3: &str = include_str!("../../../data/published/table3-100M.csv");

/// The backend's row of the paper's Table 3: column to figure.
fn table_3(backend: &str) -> HashMap<String, f64> {
    let mut reader = csv::Reader::from_reader(TABLE_3.as_bytes());
    let columns = reader.headers().expect("header").clone();
    let row = reader
        .records()
        .map(|row| row.expect("row"))
        .find(|row| &row[0] == backend)
        .expect("backend in the table");
    let figures = columns.iter().zip(&row).skip(1);
    figures.map(|(column, text)| (column.to_owned(), text.parse().expect("figure"))).collect()
}

fn moments(backend: &str) -> Moments {
    let row = table_3(backend);
    Moments::from_population(100, row["average_s"], row["stddev_population_s"]).expect("100 runs")
}

#[track_caller]
fn close(got: f64, want: f64, relative: f64) {
    assert!((got - want).abs() <= relative * want.abs(), "{got} is not {want} to {relative}");
}

/// Equal once rounded to the paper's five decimals.
#[track_caller]
fn as_printed(got: f64, printed: f64) {
    assert!((got - printed).abs() < 0.5e-5, "{got} does not print as {printed}");
}

#[test]
fn the_papers_margins_follow_from_its_deviations() {
    for (backend, printed) in [("rbtree", 0.08144), ("array", 0.03789)] {
        let row = table_3(backend);
        let margin = margin95_z(row["stddev_population_s"], 100).expect("100 runs");
        as_printed(margin, printed);
        as_printed(margin, row["margin_of_error_95_s"]);
    }
}

#[test]
fn the_papers_margin_from_a_hundred_values() {
    // 50 values sigma above the mean and 50 below have population deviation sigma exactly.
    for backend in ["rbtree", "array"] {
        let row = table_3(backend);
        let (mean, sigma) = (row["average_s"], row["stddev_population_s"]);
        let values: Vec<f64> =
            (0..100).map(|i| if i % 2 == 0 { mean + sigma } else { mean - sigma }).collect();
        let described = describe(&values).expect("100 values");
        close(described.mean, mean, 1e-12);
        close(described.stddev_population, sigma, 1e-12);
        as_printed(described.margin95_z.expect("margin"), row["margin_of_error_95_s"]);
    }
}

#[test]
fn the_papers_headline_of_the_array_of_the_tree_and_net() {
    let (tree, array) = (table_3("rbtree")["average_s"], table_3("array")["average_s"]);
    let of_the_array = change(&[tree], &[array]).expect("gross").point;
    close(of_the_array, 0.0590, 1e-3);
    let of_the_tree = change(&[array], &[tree]).expect("gross").point;
    close(of_the_tree, -0.0557, 1e-3);
    let net = net_change(&[tree], &[array], &[2.03]).expect("net").point;
    close(net, 0.0777, 1e-3);
    // Neither is the printed 5.59 %.
    assert!((of_the_array - 0.0559).abs() > 1e-3 && (of_the_tree + 0.0559).abs() > 1e-4);
}

#[test]
fn welchs_interval_of_the_papers_change() {
    let change = welch_change(&moments("rbtree"), &moments("array")).expect("change");
    // scipy: ttest_ind_from_stats(equal_var=False), deviations scaled by sqrt(100 / 99).
    close(change.point, 0.059_015_312_824_549_69, 1e-9);
    close(change.low.expect("low"), 0.048_219_020_071_700_77, 1e-9);
    close(change.high.expect("high"), 0.069_811_605_577_398_61, 1e-9);
    close(change.p_value.expect("p"), 3.595_966_959_797_532_4e-20, 1e-9);
}

#[test]
fn welchs_interval_needs_two_runs_and_survives_no_spread() {
    assert_eq!(Moments::from_population(1, 1.0, 0.0), None);
    let flat = |mean| Moments { runs: 3, mean, stddev_sample: 0.0 };
    let change = welch_change(&flat(2.5), &flat(2.0)).expect("change");
    assert_eq!((change.low, change.high, change.p_value), (Some(0.25), Some(0.25), Some(0.0)));
    assert_eq!(welch_change(&flat(1.0), &flat(0.0)), None);
    let single = Moments { runs: 1, ..flat(2.0) };
    assert_eq!(welch_change(&single, &flat(2.0)), None);
}

#[test]
fn quantiles_of_students_t() {
    // scipy: t.ppf(0.975, degrees of freedom).
    for (degrees_of_freedom, quantile) in [
        (1.0, 12.706_204_736_174_694),
        (2.0, 4.302_652_729_749_462),
        (3.0, 3.182_446_305_283_707_8),
        (4.0, 2.776_445_105_197_793_4),
        (5.0, 2.570_581_835_636_314_6),
        (9.0, 2.262_157_162_798_205),
        (10.0, 2.228_138_851_986_274),
        (29.0, 2.045_229_642_132_703),
        (30.0, 2.042_272_456_301_237_8),
        (99.0, 1.984_216_951_586_417_4),
        (139.7, 1.977_090_733_109_033_5),
        (999.0, 1.962_341_461_133_449_3),
        (9_999.0, 1.960_201_263_621_357),
        (10_000.0, 1.960_201_239_890_626),
        (1_000_000.0, 1.959_966_356_814_107),
    ] {
        close(student::quantile_975(degrees_of_freedom).expect("quantile"), quantile, 1e-9);
    }
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(student::quantile_975(bad), None);
    }
}

#[test]
fn p_values_of_students_t() {
    // scipy: 2 * t.sf(statistic, degrees of freedom).
    for (statistic, degrees_of_freedom, p_value) in [
        (0.1, 1.0, 0.936_548_965_138_893),
        (1e-8, 4.0, 0.999_999_992_5),
        (0.5, 4.0, 0.643_329_963_181_863_3),
        (2.0, 4.0, 0.116_116_523_516_815_56),
        (12.5, 4.0, 0.000_235_616_046_892_699_73),
        (2.045, 29.0, 0.050_024_075_922_411_614),
        (6.0, 99.0, 3.245_916_112_345_542_4e-8),
        (40.0, 99.0, 6.385_085_160_287_251e-63),
        (0.001, 999.0, 0.999_202_315_218_073_6),
        (3.3, 999_999.0, 0.000_966_882_079_373_799_7),
    ] {
        let both = [statistic, -statistic];
        for statistic in both {
            let got = student::two_sided_p(statistic, 1.0, degrees_of_freedom).expect("p");
            close(got, p_value, 1e-9);
        }
    }
    assert_eq!(student::two_sided_p(1.0, 1.0, 0.0), None);
}

#[test]
fn large_values_with_a_small_spread_keep_their_digits() {
    let values = [0.25, -0.75, 1.0, 0.5, -1.0, 0.125, -0.5].map(|around| 8.4e9 + around);
    let described = describe(&values).expect("seven values");
    close(described.mean, 8_399_999_999.946_428, 1e-15);
    close(described.stddev_population, 0.667_675_681_994_282_7, 1e-9);
    close(described.stddev_sample.expect("s"), 0.721_172_160_939_595_4, 1e-9);
    close(described.margin95_z.expect("z"), 0.494_621_067_080_649_07, 1e-9);
    close(described.margin95_t.expect("t"), 0.666_973_006_850_321_2, 1e-9);
}

const X: [f64; 6] = [9.11, 8.87, 9.42, 8.95, 9.03, 9.27];
const REFERENCE: [f64; 6] = [8.52, 8.31, 8.77, 8.49, 8.40, 8.66];
const BASELINE: [f64; 6] = [2.03, 2.01, 2.11, 2.02, 2.00, 2.06];

#[test]
fn a_series_described_as_scipy_does() {
    let described = describe(&X).expect("six values");
    close(described.mean, 9.108_333_333_333_333, 1e-12);
    close(described.median, 9.07, 1e-12);
    close(described.stddev_population, 0.187_653_640_755_752_42, 1e-9);
    close(described.stddev_sample.expect("s"), 0.205_564_264_079_792_78, 1e-9);
    close(described.margin95_t.expect("t"), 0.215_726_465_014_324_46, 1e-9);
}

#[test]
fn net_of_the_baseline_as_scipy_does() {
    let net = net(&X, &BASELINE).expect("six rounds");
    close(net.mean, 7.07, 1e-12);
    close(net.margin95_t.expect("margin"), 0.177_227_279_018_600_14, 1e-9);
}

#[test]
fn fiellers_interval_inverts_the_paired_t_test() {
    let gross = change(&X, &REFERENCE).expect("gross");
    close(gross.point, 0.068_426_197_458_455_68, 1e-9);
    close(gross.low.expect("low"), 0.060_482_641_507_95, 1e-9);
    close(gross.high.expect("high"), 0.076_286_505_212_1, 1e-9);
    close(gross.p_value.expect("p"), 4.529_237_449_400_528e-6, 1e-9);
    let net = net_change(&X, &REFERENCE, &BASELINE).expect("net");
    close(net.point, 0.089_928_057_553_956_72, 1e-9);
    close(net.low.expect("low"), 0.079_448_965_858_206, 1e-9);
    close(net.high.expect("high"), 0.100_310_002_462_588, 1e-9);
    close(net.p_value.expect("p"), 4.529_237_449_400_528e-6, 1e-9);
}

/// "Student" 1908, *The probable error of a mean*: hours of sleep gained by ten patients with one drug
/// and with another. R prints for `t.test(x, y, paired = TRUE)`: t = -4.0621, p = 0.002833, interval
/// -2.4598858 to -0.7001142.
#[test]
fn students_sleep_data_as_r_prints_them() {
    let one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    let gained = net(&one, &other).expect("ten patients");
    let margin = gained.margin95_t.expect("margin");
    close(gained.mean - margin, -2.459_885_8, 1e-7);
    close(gained.mean + margin, -0.700_114_2, 1e-7);
    let p = change(&one, &other).and_then(|change| change.p_value).expect("p");
    close(p, 0.002_832_890_197_384_273, 1e-9);
}
