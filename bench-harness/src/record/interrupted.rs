//! Runs that were killed, ran out of disk, or met each other.

use std::{fs, path::Path};

use super::{
    RecordError, SampleWriter,
    fixtures::{HOSTILE_NAME, folder, round, says, three_rounds, write_rounds},
    read_samples, recover_samples,
};

#[test]
fn a_kill_at_any_byte_leaves_the_complete_rounds_to_go_on_from() {
    let (_folder, run) = folder();
    let path = run.samples();
    // Two rounds of two rows keep the file short: every byte of it costs several syncs.
    let all: Vec<_> = (0..2)
        .flat_map(|number| round(HOSTILE_NAME, number, [1_000, 1_100, 1_200]).into_iter().take(2))
        .collect();
    // How long the file is after the header, the first and the second round.
    let mut writer = SampleWriter::create(&path).expect("created");
    let length = || usize::try_from(fs::metadata(&path).expect("there").len()).expect("small");
    let mut whole_at = vec![length()];
    for round in all.chunks(2) {
        writer.write_round(round).expect("written");
        whole_at.push(length());
    }
    drop(writer);
    let bytes = fs::read(&path).expect("read");
    for cut in 0..=bytes.len() {
        fs::write(&path, &bytes[..cut]).expect("cut");
        let recovered = recover_samples(&path, |rows| rows.len() == 2).expect("recovered");
        let rounds = whole_at.iter().filter(|&&length| length <= cut).count().saturating_sub(1);
        assert_eq!(recovered.rows, all[..2 * rounds], "cut at {cut}");
        let kept = &bytes[..whole_at[rounds]];
        assert_eq!(fs::read(&path).expect("read"), kept, "cut at {cut}");
        assert_eq!(recovered.dropped_bytes, cut.saturating_sub(kept.len()) as u64);
        assert_eq!(recovered.dropped_lines == 0, cut == 0 || kept.len() == cut, "cut at {cut}");
        // And it goes on from there, to the same bytes as without the kill.
        if cut % 16 == 0 || whole_at.contains(&cut) {
            let mut writer = SampleWriter::append(&path).expect("appended");
            for round in all[2 * rounds..].chunks(2) {
                writer.write_round(round).expect("written");
            }
            drop(writer);
            assert_eq!(fs::read(&path).expect("read"), bytes, "cut at {cut}");
        }
    }
}

#[test]
fn recovery_asks_only_about_the_last_round_and_drops_what_is_not_complete() {
    let (_folder, run) = folder();
    let mut rows = three_rounds("layout");
    rows.extend(round("other layout", 2, [1, 2, 3]).into_iter().take(2));
    write_rounds(&run.samples(), &rows);
    let mut asked = Vec::new();
    let recovered = recover_samples(&run.samples(), |rows| {
        asked = rows.to_vec();
        false
    });
    let recovered = recovered.expect("recovered");
    assert_eq!(asked, rows[9..], "equal round numbers of two layouts are two rounds");
    assert_eq!((recovered.rows.len(), recovered.dropped_lines), (9, 2));
    assert_eq!(read_samples(&run.samples()).expect("read"), rows[..9]);
}

#[test]
fn damage_further_up_is_not_taken_for_a_kill() {
    let (_folder, run) = folder();
    write_rounds(&run.samples(), &three_rounds("layout"));
    let text = fs::read_to_string(run.samples()).expect("read");
    let damaged = text.replacen(",1100,", ",fast,", 1);
    fs::write(run.samples(), &damaged).expect("written");
    let error = recover_samples(&run.samples(), |_| true).expect_err("damaged");
    says(&error, &["samples.csv, line 3, column `elapsed_ns`", "whole number", "`fast`"]);
    assert_eq!(fs::read_to_string(run.samples()).expect("read"), damaged, "left as it was");
    let error = recover_samples(&run.summary(), |_| true).expect_err("not there");
    assert!(matches!(error, RecordError::Missing { .. }), "{error}");
}

#[test]
fn two_runs_do_not_write_to_one_file() {
    let (_folder, run) = folder();
    let mut first = SampleWriter::create(&run.samples()).expect("created");
    first.write_round(&three_rounds("layout")).expect("written");
    for second in [SampleWriter::create(&run.samples()), SampleWriter::append(&run.samples())] {
        says(&second.expect_err("in use"), &["samples.csv: another run is writing here"]);
    }
    let error = recover_samples(&run.samples(), |_| true).expect_err("in use");
    assert!(matches!(error, RecordError::InUse { .. }), "{error}");
    assert_eq!(read_samples(first.path()).expect("read").len(), 9);
    drop(first);
    SampleWriter::append(&run.samples()).expect("free again");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_with_the_file() {
    let full = Path::new("/dev/full");
    if full.exists() {
        let error = SampleWriter::create(full).expect_err("full");
        says(&error, &["/dev/full: cannot create: No space left", "free some space"]);
    }
}
