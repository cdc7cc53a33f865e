//! Rows come back as they were written, and figures are what pencil and paper say.

use super::*;
use crate::record::{Status, table};

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
    let at = |segments| Occupancy { segments, frames: 64, bytes_total: 640, bytes_index: 128 };
    full.occupied([at(0), at(10)]);
    table::assert_columns_are_fields(&full);
    assert_eq!((full.bytes_per_segment_before, full.bytes_per_segment_after), (None, Some(64.0)));
    assert_eq!(full.index_bytes_per_frame_after, Some(2.0));
    assert_eq!(full.index_share_pct_after, Some(100.0 * 2.0 / 128.0));
    let rows = [full, declared("c", Status::Unsupported("no".to_owned()))];
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
