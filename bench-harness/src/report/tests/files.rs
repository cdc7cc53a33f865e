//! The files of a report: the same twice, well-formed, and none of them half-written.

use std::fs;

use super::{oddities, small};
use crate::report::synthetic::{Maker, reproduction};
use crate::report::{PAGE, ReportError, render};

#[test]
fn every_oddity_renders_well_formed_and_the_same_twice() {
    for (name, run) in oddities() {
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let written = folders.each_ref().map(|folder| render(&run, folder.path()).unwrap());
        assert_eq!(written[0].len(), written[1].len(), "{name}");
        assert_eq!(written[0].last().unwrap().file_name().unwrap(), PAGE);
        // Nothing beside what was announced, nothing outside, no two under one name.
        let inside = fs::read_dir(folders[0].path()).unwrap().count();
        assert_eq!(inside, written[0].len(), "{name}");
        for (first, second) in written[0].iter().zip(&written[1]) {
            assert_eq!(first.parent().unwrap(), folders[0].path());
            let text = fs::read_to_string(first).unwrap();
            assert_eq!(text, fs::read_to_string(second).unwrap(), "{name}: {}", first.display());
            assert!(
                !text.contains("NaN") && !text.contains("\ninf") && !text.contains("inf "),
                "{name}: {}",
                first.display()
            );
            if first.extension().is_some_and(|extension| extension == "svg") {
                let parsed = roxmltree::Document::parse(&text);
                assert!(parsed.is_ok(), "{name}: {}: {parsed:?}", first.display());
                assert!(!text.contains("<script"), "{name}");
            }
        }
    }
}

#[test]
fn the_order_of_the_records_does_not_matter_for_figures() {
    let run = reproduction(5);
    let mut shuffled = run.clone();
    shuffled.summary.rotate_left(4);
    shuffled.samples.sort_by_key(|row| (row.elapsed_ns, row.round));
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let first = render(&run, folders[0].path()).unwrap();
    let second = render(&shuffled, folders[1].path()).unwrap();
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap(), "{}", first.display());
    }
}

#[test]
fn nothing_measured_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    assert!(matches!(render(&Maker::new().run, &out), Err(ReportError::NothingMeasured)));
    assert!(!out.exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let error = render(&small(), &file.join("report")).unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
    // A folder in a figure's place: the rename fails, and no partial file stays.
    let out = folder.path().join("out");
    fs::create_dir_all(out.join(PAGE)).unwrap();
    assert!(matches!(render(&small(), &out), Err(ReportError::Write(_))));
    let partial = fs::read_dir(&out).unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".partial")
    });
    assert_eq!(partial.count(), 0);
}
