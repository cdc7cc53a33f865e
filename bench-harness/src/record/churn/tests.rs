//! Rows come back as they were written, and figures are what pencil and paper say.

use super::*;
use crate::record::{Environment, RecordError, Status, fixtures::says, table, write_environment};

fn row(round: u32, backend: &str, elapsed_ns: u64) -> ChurnRow {
    ChurnRow {
        run_id: "run".to_owned(),
        round,
        position: 0,
        layout: "frag-1mb".to_owned(),
        scenario: "replug".to_owned(),
        backend: backend.to_owned(),
        operations: 10,
        elapsed_ns,
        seed: u64::MAX,
    }
}

fn declared(backend: &str, status: Status) -> ChurnSummaryRow {
    ChurnSummaryRow::declared(["frag-1mb", "replug", backend], status, Some("a"), 1.0)
}

#[test]
fn phases_come_back_as_they_were_written() {
    let folder = tempfile::tempdir().expect("folder");
    let path = ChurnRun::churn(folder.path());
    table::assert_columns_are_fields(&row(0, "a", 5));
    let rounds = [[row(0, "a", 5), row(0, "b", 6)], [row(1, "a", 7), row(1, "b", 8)]];
    let mut writer = ChurnWriter::create(&path).expect("a new file");
    for round in &rounds {
        writer.write_round(round).expect("written");
    }
    assert_eq!(read_churn(&path).expect("read"), rounds.concat());
    assert!(ChurnWriter::create(&path).is_err(), "nothing is overwritten");
}

#[test]
fn a_summary_comes_back_as_it_was_written() {
    let folder = tempfile::tempdir().expect("folder");
    let path = ChurnRun::summary(folder.path());
    let mut full = declared("b", Status::Ok);
    let at = |segments| Occupancy {
        segments,
        frames: 64,
        bytes_total: Some(640),
        bytes_index: Some(128),
    };
    full.occupied([at(0), at(10)]);
    table::assert_columns_are_fields(&full);
    assert_eq!((full.bytes_per_segment_before, full.bytes_per_segment_after), (None, Some(64.0)));
    assert_eq!(full.index_bytes_per_frame_after, Some(2.0));
    assert_eq!(full.index_share_pct_after, Some(100.0 * 2.0 / 128.0));
    let mut unknown = declared("d", Status::Ok);
    unknown.occupied([Occupancy { bytes_total: None, bytes_index: None, ..at(10) }; 2]);
    assert_eq!((unknown.segments_after, unknown.bytes_total_after), (Some(10), None));
    assert_eq!((unknown.bytes_per_segment_after, unknown.index_share_pct_after), (None, None));
    assert_eq!(unknown.without_figures(), unknown, "unknown bytes forget no segments");
    let rows = [full, unknown, declared("c", Status::Unsupported("no".to_owned()))];
    write_churn_summary(&path, &rows).expect("written");
    assert_eq!(read_churn_summary(&path).expect("read"), rows);
}

#[test]
fn figures_are_typical_ratios_of_paired_rounds() {
    let statuses = [
        ("a", Status::Ok),
        ("b", Status::Ok),
        ("c", Status::Unsupported("no".to_owned())),
        (EXTENT, Status::Ok),
    ];
    let declared: Vec<_> =
        statuses.iter().map(|(name, status)| declared(name, status.clone())).collect();
    let rows: Vec<ChurnRow> = (0..6)
        .flat_map(|round| {
            let noise = 100 * u64::from(round); // shared by the round, paired away
            [
                row(round, "a", 1_000 + noise),
                row(round, "b", 2 * (1_000 + noise)),
                row(round, EXTENT, (1_000 + noise) / 4),
            ]
        })
        .collect();
    let summary = summarise_churn(&rows, &declared);
    let close = |got: Option<f64>, want: f64| {
        let got = got.expect("a figure");
        assert!((got - want).abs() < 1e-9 * want.abs().max(1.0), "{got} is not {want}");
    };
    let [a, b, c, extent] = summary.as_slice() else { panic!("four rows") };
    close(b.change_pct, 100.0);
    close(b.change_low_pct, 100.0);
    close(a.extent_share_pct, 25.0);
    close(b.extent_share_pct, 12.5);
    close(b.ns_per_operation, 2.0 * a.ns_per_operation.expect("a figure"));
    close(b.extent_ns_per_operation, extent.ns_per_operation.expect("a figure"));
    close(a.phase_s, a.ns_per_operation.expect("a figure") * 10.0 / 1e9);
    let low = a.low_ns.expect("two rounds and more");
    assert!(low > 0.0 && low < a.ns_per_operation.expect("a figure"));
    assert_eq!(b.verdict.as_deref(), Some("slower"));
    assert_eq!((a.change_pct, &a.verdict, a.rounds), (None, &None, 6));
    assert_eq!((c.ns_per_operation, c.rounds, c.operations), (None, 0, None));
    assert_eq!((extent.extent_share_pct, extent.change_pct), (None, None));
}

#[test]
fn one_round_claims_no_interval() {
    let summary = summarise_churn(
        &[row(0, "a", 5), row(0, "b", 6)],
        &["a", "b"].map(|name| declared(name, Status::Ok)),
    );
    let b = &summary[1];
    assert!(b.ns_per_operation.is_some() && b.change_pct.is_some());
    assert_eq!((b.low_ns, b.change_low_pct, &b.verdict, b.p_value), (None, None, &None, None));
}

/// A folder with three rounds of two backends and the extent, changed by `edit`, read back.
fn edited(
    edit: impl FnOnce(&mut Vec<ChurnRow>, &mut Vec<ChurnSummaryRow>),
) -> Result<ChurnRun, RecordError> {
    let folder = tempfile::tempdir().expect("folder");
    let backends = ["a", "b", EXTENT];
    let mut rows: Vec<ChurnRow> =
        (0..3).flat_map(|round| backends.map(|backend| row(round, backend, 5))).collect();
    let mut summary: Vec<_> = backends.map(|name| declared(name, Status::Ok)).to_vec();
    summary.push(declared("c", Status::Unsupported("no".to_owned())));
    edit(&mut rows, &mut summary);
    let mut writer = ChurnWriter::create(&ChurnRun::churn(folder.path())).expect("a new file");
    writer.write_round(&rows).expect("written");
    write_churn_summary(&ChurnRun::summary(folder.path()), &summary).expect("written");
    let environment = Environment { run_id: "run".to_owned(), ..Environment::blank() };
    write_environment(&ChurnRun::environment(folder.path()), &environment).expect("written");
    ChurnRun::read(folder.path())
}

#[test]
fn a_folder_that_agrees_is_read() {
    let run = edited(|_, _| ()).expect("nothing contradicts");
    assert_eq!((run.rows.len(), run.summary.len()), (9, 4));
    assert_eq!(run.summary[1].rounds, 3);
    edited(|rows, _| rows.clear()).expect("cut off before anything was measured");
}

#[test]
fn figures_are_of_the_phases_and_never_what_stands_in_the_summary() {
    let at = |segments| Occupancy {
        segments,
        frames: 64,
        bytes_total: Some(640),
        bytes_index: Some(128),
    };
    let run = edited(|rows, summary| {
        rows.clear();
        for row in summary.iter_mut() {
            row.rounds = 7;
            row.operations = Some(10);
            row.phase_s = Some(1.0);
            row.p_value = Some(0.5);
            row.verdict = Some("faster".to_owned());
            for figure in [
                &mut row.ns_per_operation,
                &mut row.extent_ns_per_operation,
                &mut row.extent_share_pct,
                &mut row.change_pct,
                &mut row.change_low_pct,
                &mut row.p_value_holm,
            ] {
                *figure = Some(1.0);
            }
        }
        summary[0].occupied([at(1), at(10)]);
        summary[0].bytes_per_segment_after = Some(1.0);
        summary[0].index_share_pct_after = Some(99.0);
        summary[1].index_share_pct_after = Some(99.0);
    });
    let summary = run.expect("nothing contradicts").summary;
    let mut first = declared("a", Status::Ok);
    first.occupied([at(1), at(10)]);
    let unmeasured = [
        first,
        declared("b", Status::Ok),
        declared(EXTENT, Status::Ok),
        declared("c", Status::Unsupported("no".to_owned())),
    ];
    assert_eq!(summary, unmeasured);
}

#[test]
fn files_that_contradict_each_other_are_refused_with_the_place() {
    type Edit = fn(&mut Vec<ChurnRow>, &mut Vec<ChurnSummaryRow>);
    let cases: [(Edit, &[&str]); 8] = [
        (|rows, _| rows.push(row(0, "b", 6)), &["churn.csv, line 11", "the same batch as line 3"]),
        (
            |rows, _| rows[4].run_id = "other".to_owned(),
            &["churn.csv, row 5", "`run_id`", "`other`", "`run`"],
        ),
        (
            |rows, _| rows[3].backend = "d".to_owned(),
            &["churn.csv, row 4", "`backend`", "`d`", "churn-summary.csv"],
        ),
        (|rows, _| rows[3].backend = "c".to_owned(), &["churn.csv, row 4", "`backend`", "`c`"]),
        (|rows, _| rows[7].operations = 11, &["churn.csv, row 8", "`operations`", "`11`", "`10`"]),
        (|rows, _| rows[8].seed = 3, &["churn.csv, row 9", "`seed`", "`3`"]),
        (|rows, _| drop(rows.remove(4)), &["churn.csv, row 4", "`round`", "2 participants"]),
        (
            |_, summary| summary.push(declared("a", Status::Ok)),
            &["churn-summary.csv, row 5", "`backend`", "`a`"],
        ),
    ];
    for (edit, words) in cases {
        says(&edited(edit).expect_err("a contradiction"), words);
    }
}

#[test]
fn a_run_that_has_ended_has_all_of_its_plan() {
    let folder = tempfile::tempdir().expect("folder");
    let check = |scenarios: &[&str], ended: Option<&str>| {
        let mut environment = Environment { run_id: "run".to_owned(), ..Environment::blank() };
        environment.plan =
            serde_json::json!({ "scenarios": scenarios, "layouts": [{ "name": "frag-1mb" }] });
        environment.ended = ended.map(str::to_owned);
        let summary = [declared("a", Status::Failed("crashed".to_owned()))];
        ChurnRun::check(folder.path(), &[], &summary, &environment)
    };
    let now = Some("2026-01-01T00:00:00Z");
    check(&["replug"], now).expect("all of it");
    check(&["replug", "deflate"], None).expect("it may go on");
    let error = check(&["deflate", "replug"], now).expect_err("nothing of deflate");
    says(&error, &["churn-summary.csv", "nothing of deflate on frag-1mb", "--out"]);
}

#[test]
fn a_phase_that_stands_twice_is_nothing_to_go_on_with() {
    let folder = tempfile::tempdir().expect("folder");
    let path = ChurnRun::churn(folder.path());
    let mut writer = ChurnWriter::create(&path).expect("a new file");
    writer.write_round(&[row(0, "a", 5), row(0, "a", 5)]).expect("written");
    drop(writer);
    let error = recover_churn(&path, |_| true).expect_err("twice");
    assert!(matches!(error, RecordError::Duplicate { line: 3, first_line: 2, .. }), "{error}");
}
