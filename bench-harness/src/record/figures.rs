//! Summary and comparison of made-up samples, against figures worked out apart.

use super::{
    BASELINE, ComparisonRow, Judging, Status, SummaryRow, compare_all,
    fixtures::{planned, round, sample, three_rounds},
    summarise, table,
};
use std::path::Path;

#[track_caller]
fn close(got: Option<f64>, want: f64) {
    let got = got.expect("a figure");
    assert!((got - want).abs() <= 1e-9 * want.abs(), "{got} is not {want}");
}

#[test]
fn a_summary_of_three_rounds_as_numpy_and_scipy_have_it() {
    let plan = [planned("layout", "array"), planned("layout", "rbtree")];
    let rows = summarise(&three_rounds("layout"), &plan);
    let backends: Vec<&str> = rows.iter().map(|row| row.backend.as_str()).collect();
    assert_eq!(backends, ["array", "rbtree", BASELINE]);
    let tree = &rows[1];
    assert_eq!((tree.runs, tree.status.clone()), (3, Status::Ok));
    // numpy and scipy 1.17.1 on [1200, 1212, 1191] and its differences to [1000, 1010, 990], in s.
    close(tree.mean_s, 1.201e-6);
    close(tree.min_s, 1.191e-6);
    close(tree.max_s, 1.212e-6);
    close(tree.median_s, 1.2e-6);
    close(tree.stddev_population_s, 8.602_325_267_042_627e-9);
    close(tree.stddev_sample_s, 1.053_565_375_285_274e-8);
    close(tree.margin95_z_s, 9.734_447_424_824_208e-9);
    close(tree.margin95_t_s, 2.617_201_480_540_538e-8);
    close(tree.ns_per_lookup, 1.201);
    close(tree.baseline_mean_s, 1e-6);
    close(tree.net_mean_s, 2.01e-7);
    close(tree.net_margin95_s, 2.484_137_711_750_330_3e-9);
    close(tree.net_ns_per_lookup, 0.201);
    close(tree.hit_rate, 0.75);
    assert_eq!(tree.build.as_deref(), Some("replay"));
    assert_eq!(tree.bytes_total, Some(3_072));
}

#[test]
fn the_generators_own_row_has_times_and_nothing_to_be_net_of() {
    let rows = summarise(&three_rounds("layout"), &[planned("layout", "array")]);
    let baseline = rows.last().expect("two rows");
    assert_eq!((baseline.backend.as_str(), baseline.runs), (BASELINE, 3));
    close(baseline.mean_s, 1e-6);
    close(baseline.ns_per_lookup, 1.0);
    assert_eq!((baseline.net_mean_s, baseline.baseline_mean_s), (None, None));
    assert_eq!((baseline.hit_rate, baseline.bytes_total), (None, None));
    assert_eq!((baseline.build.as_deref(), baseline.build_s), (None, None));
    assert_eq!((baseline.segments, baseline.index_bytes), (None, None));
    // A plan that names it gets it where it names it, once.
    let plan = [planned("layout", BASELINE), planned("layout", "array")];
    let rows = summarise(&three_rounds("layout"), &plan);
    let backends: Vec<&str> = rows.iter().map(|row| row.backend.as_str()).collect();
    assert_eq!(backends, [BASELINE, "array"]);
}

#[test]
fn what_was_not_measured_has_no_figures() {
    let status = Status::Unsupported("capacity 1 < 2 segments".to_owned());
    let left_over = SummaryRow {
        status: status.clone(),
        runs: 9,
        mean_s: Some(1.0),
        hit_rate: Some(1.0),
        ..planned("layout", "small")
    };
    let rows = summarise(&three_rounds("layout"), &[left_over, planned("elsewhere", "array")]);
    assert_eq!(rows.len(), 3, "the baseline of the configuration that was measured, no other");
    assert_eq!((rows[0].runs, rows[0].mean_s, rows[0].hit_rate), (0, None, None));
    assert_eq!(rows[0].status, status);
    assert_eq!(rows[1].backend, BASELINE);
    assert_eq!((rows[2].layout.as_str(), rows[2].runs), ("elsewhere", 0));
}

#[test]
fn the_size_of_a_table_is_shared_by_its_segments_and_frames() {
    let mut row = SummaryRow::unmeasured(&planned("layout", "array").configuration(), "array");
    row.enter_size(2_304, 256, 32, 256);
    assert_eq!((row.bytes_total, row.index_bytes), (Some(2_304), Some(256)));
    assert_eq!((row.segments, row.frames), (Some(32), Some(256)));
    close(row.bytes_per_segment, 72.0);
    close(row.bytes_per_frame, 9.0);
    close(row.index_share_pct, 100.0 / 128.0);
    row.enter_size(64, 64, 0, 0);
    assert_eq!((row.bytes_per_segment, row.bytes_per_frame), (None, None));
    assert_eq!(
        row.index_share_pct, None,
        "a table without frames has no share, not an endless one"
    );
}

#[test]
fn one_round_leaves_margins_and_verdict_empty() {
    let samples = round("layout", 0, [1_000, 1_100, 1_200]);
    let rows = summarise(&samples, &[planned("layout", "array")]);
    let array = &rows[0];
    assert_eq!((array.runs, array.stddev_population_s), (1, Some(0.0)));
    assert_eq!((array.margin95_z_s, array.margin95_t_s), (None, None));
    assert_eq!((array.stddev_sample_s, array.net_margin95_s), (None, None));
    close(array.net_mean_s, 1e-7);
    let compared = &compare_all(&samples, &Judging::against("array"))[0];
    close(compared.gross_change_pct, 100.0 / 11.0);
    close(compared.net_change_pct, 100.0);
    assert_eq!((compared.gross_low_pct, compared.net_high_pct), (None, None));
    assert_eq!((compared.p_value, compared.p_value_holm), (None, None));
    assert_eq!((compared.rounds, compared.verdict.as_deref()), (1, None));
    assert!(compared.note.as_deref().is_some_and(|note| note.starts_with("1 round:")));
}

#[test]
fn a_comparison_pairs_the_rounds_that_both_have() {
    let mut samples = three_rounds("layout");
    // A fourth round was cut off before the tree's turn; a fifth process ran the tree alone.
    samples.push(sample("layout", 3, "array", 9_999));
    let mut alone = sample("layout", 0, "rbtree", 9_999);
    alone.process = 5;
    samples.push(alone);
    let rows = compare_all(&samples, &Judging::against("array"));
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((row.rounds, row.reference.as_str(), row.backend.as_str()), (3, "array", "rbtree"));
    // scipy 1.17.1, with d = log([1200, 1212, 1191] / [1100, 1110, 1090]): expm1 of
    // t.interval(0.95, 2, mean(d), sem(d)), ttest_1samp(d, 0).
    close(row.gross_change_pct, 9.182_027_576_880_513);
    close(row.gross_low_pct, 8.964_149_967_524_113);
    close(row.gross_high_pct, 9.400_340_840_098_048);
    close(row.p_value, 2.792_882_862_467_571e-5);
    // With S = 1 - [1000, 1010, 990] / [1100, 1110, 1090], m and s the means of d and S: expm1(m) / s, bounds by
    // brentq on (m - log1p(q s))^2 - t(0.975, 2)^2 var(d - q / (1 + q s) S) / 3.
    close(row.net_change_pct, 100.996_738_327_181_22);
    close(row.net_low_pct, 98.550_543_756_753_21);
    close(row.net_high_pct, 103.498_514_843_523_9);
    // The paper's ratio of means, bounds by ttest_1samp(x - rho * r, 0) likewise.
    close(row.mean_change_pct, 9.181_818_181_818_18);
    close(row.mean_low_pct, 8.966_703_636_506_024);
    close(row.mean_high_pct, 9.401_200_316_770_964);
    assert_eq!((row.unit.as_str(), row.units, row.note.as_deref()), ("round", 3, None));
    assert_eq!(row.p_value_holm, row.p_value, "one comparison needs no correction");
    assert_eq!(row.verdict.as_deref(), Some("slower"));
    assert!(
        compare_all(&samples, &Judging::against("section")).is_empty(),
        "no reference, nothing to compare"
    );
}

#[test]
fn the_correction_runs_over_the_backends_of_one_configuration() {
    let mut samples = three_rounds("one");
    samples.extend(three_rounds("two"));
    for (round, elapsed_ns) in (0..).zip([1_101, 1_108, 1_093]) {
        samples.push(sample("two", round, "section", elapsed_ns));
    }
    let rows = compare_all(&samples, &Judging::against("array"));
    let named: Vec<_> =
        rows.iter().map(|row| (row.layout.as_str(), row.backend.as_str())).collect();
    assert_eq!(named, [("one", "rbtree"), ("two", "rbtree"), ("two", "section")]);
    let p = |row: &ComparisonRow| row.p_value.expect("p");
    close(rows[0].p_value_holm, p(&rows[0]));
    close(rows[1].p_value_holm, 2.0 * p(&rows[1]));
    close(rows[2].p_value_holm, p(&rows[2]));
    assert_eq!(rows[2].verdict.as_deref(), Some("equivalent"));
}

/// The order in which backends stand in the samples is that in which they were measured, and says
/// nothing about them.
#[test]
fn the_order_of_the_backends_changes_no_verdict() {
    let (mut there, mut back) = (Vec::new(), Vec::new());
    for round in 0..40 {
        let noise = u64::from(round) * 7 % 11;
        let times = [
            ("array", 1_000 + noise),
            ("rbtree", 1_010 + noise * 5 % 11),
            ("section", 1_000 + noise * 3 % 11),
            (BASELINE, 500 + noise),
        ];
        there.extend(times.map(|(backend, ns)| sample("layout", round, backend, ns)));
        back.extend(times.iter().rev().map(|&(backend, ns)| sample("layout", round, backend, ns)));
    }
    let mut there = compare_all(&there, &Judging::against("array"));
    let mut back = compare_all(&back, &Judging::against("array"));
    for rows in [&mut there, &mut back] {
        rows.sort_by(|a, b| a.backend.cmp(&b.backend));
    }
    assert_eq!(there, back);
    let verdicts: Vec<_> = there.iter().map(|row| row.verdict.as_deref()).collect();
    assert_eq!(verdicts, [Some("slower"), Some("equivalent")]);
}

#[test]
fn times_and_counts_of_zero_leave_fields_empty() {
    let mut samples = three_rounds("layout");
    for row in &mut samples {
        row.elapsed_ns = 0;
        row.lookups = 0;
    }
    let plan = SummaryRow { lookups: 0, ..planned("layout", "array") };
    let rows = summarise(&samples, &[plan]);
    assert_eq!((rows[0].mean_s, rows[0].ns_per_lookup, rows[0].hit_rate), (Some(0.0), None, None));
    let compared = &compare_all(&samples, &Judging::against("array"))[0];
    assert_eq!((compared.rounds, compared.gross_change_pct), (3, None));
    assert_eq!((compared.p_value, compared.verdict.as_deref()), (None, None));
    // And what is empty can be written: nothing here is NaN.
    table::encode(Path::new("summary.csv"), &rows).expect("plain rows");
}

#[test]
fn the_same_samples_give_the_same_bytes() {
    let mut samples = three_rounds("one");
    samples.extend(three_rounds("two"));
    let plan = [planned("one", "array"), planned("one", "rbtree"), planned("two", "rbtree")];
    let bytes = || {
        let path = Path::new("memory");
        let summary = table::encode(path, &summarise(&samples, &plan)).expect("plain rows");
        let comparison = table::encode(path, &compare_all(&samples, &Judging::against("array")))
            .expect("plain rows");
        (summary, comparison)
    };
    let first = bytes();
    for _ in 0..10 {
        assert_eq!(bytes(), first);
    }
}
