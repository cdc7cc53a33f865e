//! Files as editors, other programs and other versions leave them.

use std::fs;

use super::{
    ChurnRun, ComparisonRow, Judging, RecordError, Run, RunDir, STATISTICS_VERSION, SampleWriter,
    SummaryRow, compare_all, environment,
    fixtures::{self, HOSTILE_NAME, folder, planned, says, three_rounds, write_rounds},
    read_samples, recover_samples, summarise,
};

#[test]
fn a_whole_run_comes_back_as_it_was() {
    let (_folder, run) = folder();
    let samples = three_rounds(HOSTILE_NAME);
    write_rounds(&run.samples(), &samples);
    let unsupported = SummaryRow {
        status: super::Status::Unsupported("capacity 32 < 8161 segments, \"really\"".to_owned()),
        build: None,
        build_s: None,
        ..planned(HOSTILE_NAME, "small")
    };
    let plan = [planned(HOSTILE_NAME, "array"), planned(HOSTILE_NAME, "rbtree"), unsupported];
    let whole = Run {
        modes: Vec::new(),
        summary: summarise(&samples, &plan),
        comparison: compare_all(&samples, &Judging::against("array")),
        environment: fixtures::environment(),
        samples,
    };
    super::write_summary(&run.summary(), &whole.summary).expect("written");
    super::write_comparison(&run.comparison(), &whole.comparison).expect("written");
    environment::write_environment(&run.environment(), &whole.environment).expect("written");
    let again = RunDir::open(run.folder()).expect("there").read().expect("read");
    assert_eq!(again, whole);
}

/// A run whose comparison says what the samples do not, as if by other formulas.
fn run_of_statistics(version: u32) -> (tempfile::TempDir, RunDir, Vec<ComparisonRow>) {
    let (folder, run) = folder();
    let samples = three_rounds("layout");
    write_rounds(&run.samples(), &samples);
    let plan = [planned("layout", "array"), planned("layout", "rbtree")];
    super::write_summary(&run.summary(), &summarise(&samples, &plan)).expect("written");
    let computed = compare_all(&samples, &Judging::against("array"));
    let mut filed = computed.clone();
    filed[0].net_low_pct = Some(-12.5);
    super::write_comparison(&run.comparison(), &filed).expect("written");
    let environment = super::Environment { statistics_version: version, ..fixtures::environment() };
    environment::write_environment(&run.environment(), &environment).expect("written");
    (folder, run, computed)
}

#[test]
fn a_comparison_by_earlier_statistics_is_computed_anew_and_filed_where_asked() {
    let (_folder, run, computed) = run_of_statistics(1);
    let before = fs::read(run.comparison()).expect("read");
    let read = run.read().expect("readable");
    assert_eq!(read.comparison, computed);
    let warnings = read.environment.warnings.join(" ");
    assert!(warnings.contains("version 1 of the statistics"), "{warnings}");
    assert_eq!(fs::read(run.comparison()).expect("read"), before, "reading writes nothing");
    assert!(run.refile().expect("filed"));
    let again = run.read().expect("readable");
    assert_eq!((again.comparison, again.environment.warnings.len()), (computed, 0));
    assert!(!run.refile().expect("nothing to do"));
}

#[test]
fn a_comparison_by_these_statistics_or_unknown_ones_is_refused() {
    let (_folder, run, _) = run_of_statistics(STATISTICS_VERSION);
    says(&run.read().expect_err("edited"), &["comparison.csv, row 1", "`net_low_pct`"]);
    for version in [0, STATISTICS_VERSION + 1] {
        let (_folder, run, _) = run_of_statistics(version);
        let version = format!("statistics version {version}");
        says(&run.read().expect_err("unknown"), &["environment.json", &version]);
        assert!(run.refile().is_err());
    }
}

#[test]
fn a_file_without_rows_has_its_header() {
    let (_folder, run) = folder();
    write_rounds(&run.samples(), &[]);
    super::write_summary(&run.summary(), &[]).expect("written");
    super::write_comparison(&run.comparison(), &[]).expect("written");
    let text = |path| fs::read_to_string(path).expect("read");
    assert_eq!(
        text(run.samples()),
        "run_id,process,round,position,layout,workload,mode,target,rng,lookups,backend,seed,\
         elapsed_ns,hits,checksum\n"
    );
    assert_eq!(
        text(run.summary()),
        "layout,workload,mode,target,rng,lookups,backend,status,runs,mean_s,min_s,max_s,median_s,\
         stddev_population_s,stddev_sample_s,margin95_z_s,margin95_t_s,ns_per_lookup,\
         baseline_mean_s,net_mean_s,net_margin95_s,net_ns_per_lookup,hit_rate,build,build_s,\
         bytes_total,bytes_per_segment,outliers,autocorrelation,effective_runs,drift_pct,\
         instructions_per_lookup,cycles_per_lookup,branch_misses_per_lookup,\
         cache_misses_per_lookup,segments,frames,index_bytes,bytes_per_frame,index_share_pct\n"
    );
    assert_eq!(
        text(run.comparison()),
        "layout,workload,mode,target,rng,lookups,reference,backend,rounds,gross_change_pct,\
         gross_low_pct,gross_high_pct,net_change_pct,net_low_pct,net_high_pct,verdict,p_value,\
         p_value_holm,mean_change_pct,mean_low_pct,mean_high_pct,unit,units,autocorrelation,\
         effective_rounds,sd_process_pct,sd_round_pct,sd_within_pct,equivalence_pct,floor_pct,\
         note\n"
    );
    assert_eq!(read_samples(&run.samples()).expect("read"), []);
}

#[test]
fn columns_are_the_fields_of_the_rows() {
    let samples = three_rounds("layout");
    super::table::assert_columns_are_fields(&samples[0]);
    super::table::assert_columns_are_fields(&planned("layout", "array"));
    super::table::assert_columns_are_fields(&compare_all(&samples, &Judging::against("array"))[0]);
}

/// A record of a program that knew fewer columns stays readable: what it lacks is nothing.
#[test]
fn columns_that_an_earlier_program_did_not_have_are_empty() {
    let (_folder, run) = folder();
    let row = planned("layout", "array");
    super::write_summary(&run.summary(), std::slice::from_ref(&row)).expect("written");
    let text = fs::read_to_string(run.summary()).expect("read");
    let without = |columns: usize| {
        let cut = |line: &str| line.rsplitn(columns + 1, ',').last().unwrap_or("").to_owned();
        let lines: Vec<String> = text.lines().map(cut).collect();
        fs::write(run.summary(), lines.join("\n") + "\n").expect("written");
        super::read_summary(&run.summary())
    };
    let earlier = SummaryRow {
        segments: None,
        frames: None,
        index_bytes: None,
        bytes_per_frame: None,
        index_share_pct: None,
        ..row.clone()
    };
    assert_eq!(without(5).expect("read"), [earlier]);
    assert_eq!(without(1).expect("read"), [SummaryRow { index_share_pct: None, ..row.clone() }]);
    says(&without(6).expect_err("a column of the first is missing"), &["line 1", "expected"]);
    for (from, to) in [(",segments,frames,", ",frames,segments,"), ("index_share_pct", "share")] {
        fs::write(run.summary(), text.replace(from, to)).expect("written");
        says(&super::read_summary(&run.summary()).expect_err("another"), &["line 1", "expected"]);
    }
    fs::write(run.summary(), text.replace("_share_pct\n", "_share_pct,more\n")).expect("written");
    says(&super::read_summary(&run.summary()).expect_err("unknown"), &["line 1", "expected"]);
    // A row must have what the file's own header has.
    let long =
        text.replacen(",segments,frames,index_bytes,bytes_per_frame,index_share_pct\n", "\n", 1);
    fs::write(run.summary(), long).expect("written");
    let error = super::read_summary(&run.summary()).expect_err("too many fields");
    says(&error, &["line 2", "expected 35 fields, found 40"]);
}

/// What was recorded once must stay readable; that it cannot be read would be found when it is needed.
#[test]
fn the_records_of_this_repository_can_be_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/record");
    let mut read = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        folders.extend(entries.map(|entry| entry.path()).filter(|path| path.is_dir()));
        if RunDir::at(&folder).holds_run() {
            let run = RunDir::at(&folder).read().expect("a readable record");
            assert!(!run.summary.is_empty());
            read += 1;
        }
        if ChurnRun::is_in(&folder) {
            assert!(!ChurnRun::read(&folder).expect("a readable record").summary.is_empty());
            read += 1;
        }
    }
    assert!(read > 1, "no record was found");
}

#[test]
fn a_line_cut_in_mid_row_is_told_from_other_damage() {
    let (_folder, run) = folder();
    write_rounds(&run.samples(), &three_rounds("layout"));
    let text = fs::read_to_string(run.samples()).expect("read");
    let torn = &text[..text.len() - 25];
    // An editor may have added a line end; the row still stops short.
    for torn in [torn.to_owned(), format!("{torn}\n"), text[..text.len() - 1].to_owned()] {
        fs::write(run.samples(), &torn).expect("written");
        let error = read_samples(&run.samples()).expect_err("torn");
        assert!(matches!(error, RecordError::TornLine { line: 10, .. }), "{error}");
        says(&error, &["samples.csv, line 10", "cut off", "`--resume`", "delete the line"]);
    }
    fs::write(run.samples(), &text[..text.len() - 1]).expect("written");
    let error = SampleWriter::append(&run.samples()).expect_err("torn");
    assert!(matches!(error, RecordError::TornLine { line: 10, .. }), "{error}");
}

#[test]
fn every_wrong_line_is_named_with_what_was_expected() {
    let (_folder, run) = folder();
    write_rounds(&run.samples(), &three_rounds("layout"));
    let text = fs::read_to_string(run.samples()).expect("read");
    let lines: Vec<&str> = text.lines().collect();
    let with_line_3 = |line: &str| {
        let mut lines = lines.clone();
        lines[2] = line;
        fs::write(run.samples(), lines.join("\n") + "\n").expect("written");
        read_samples(&run.samples()).expect_err("wrong")
    };
    says(&with_line_3("a,b"), &["line 3", "expected 15 fields, found 2"]);
    says(&with_line_3(&format!("{},1", lines[2])), &["line 3", "found 16"]);
    says(&with_line_3(lines[1]), &["line 3", "same batch as line 2"]);
    let negative = lines[2].replace(",1100,", ",-1100,");
    says(&with_line_3(&negative), &["line 3, column `elapsed_ns`", "`-1100`"]);
    let round = lines[2].replace("Z,0,0,", "Z,0,4294967296,");
    says(&with_line_3(&round), &["line 3, column `round`", "4294967295"]);
}

#[test]
fn figures_that_are_no_numbers_are_refused_on_both_ways() {
    let (_folder, run) = folder();
    let rows = summarise(&three_rounds("layout"), &[planned("layout", "array")]);
    super::write_summary(&run.summary(), &rows).expect("written");
    let text = fs::read_to_string(run.summary()).expect("read");
    for bad in ["NaN", "inf", "-infinity", "1e999", "0,3"] {
        let field = format!("\"{bad}\"");
        fs::write(run.summary(), text.replacen("0.30000000000000004", &field, 1)).expect("written");
        let error = super::read_summary(&run.summary()).expect_err("not finite");
        says(&error, &["summary.csv, line 2, column `build_s`", "finite number, or nothing", bad]);
    }
    fs::write(run.summary(), text.replacen(",ok,", ",fine,", 1)).expect("written");
    let error = super::read_summary(&run.summary()).expect_err("no status");
    says(&error, &["line 2, column `status`", "`unsupported: REASON`", "`fine`"]);
    let mut rows = rows;
    rows[0].build_s = Some(f64::NAN);
    fs::write(run.summary(), "before").expect("written");
    let error = super::write_summary(&run.summary(), &rows).expect_err("not finite");
    says(&error, &["summary.csv", "build_s"]);
    assert_eq!(fs::read_to_string(run.summary()).expect("read"), "before");
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let (_folder, run) = folder();
    write_rounds(&run.samples(), &three_rounds("layout"));
    let mut bytes = fs::read(run.samples()).expect("read");
    let layout = bytes.windows(8).position(|part| part == b",layout,").expect("header");
    let second = bytes[layout + 8..].windows(8).position(|part| part == b",layout,");
    bytes[layout + 8 + second.expect("row") + 1] = 0xff;
    fs::write(run.samples(), &bytes).expect("written");
    let error = read_samples(&run.samples()).expect_err("no text");
    says(&error, &["line 2, column `layout`", "UTF-8"]);
}

#[test]
fn another_files_header_says_what_was_expected() {
    let (_folder, run) = folder();
    super::write_comparison(&run.samples(), &[]).expect("written");
    let error = read_samples(&run.samples()).expect_err("wrong file");
    says(&error, &["samples.csv, line 1", "`run_id,process,round", "found `layout,workload,mode"]);
    let error = SampleWriter::append(&run.samples()).expect_err("wrong file");
    assert!(matches!(error, RecordError::Header { .. }), "{error}");
    let error = recover_samples(&run.samples(), |_| true).expect_err("wrong file");
    assert!(matches!(error, RecordError::Header { .. }), "{error}");
    fs::write(run.samples(), "").expect("emptied");
    says(&read_samples(&run.samples()).expect_err("empty"), &["found nothing"]);
    assert!(SampleWriter::append(&run.samples()).is_err());
}

#[test]
fn folders_without_a_run_say_how_to_get_one() {
    let (folder, run) = folder();
    let error = RunDir::open(run.folder()).expect_err("empty");
    says(&error, &["holds no run", "bench-harness compare --out"]);
    let error = RunDir::open(folder.path().join("nowhere")).expect_err("missing");
    says(&error, &["nowhere: no such file or folder"]);
    write_rounds(&run.samples(), &three_rounds("layout"));
    let error = RunDir::open(run.folder()).expect("samples").read().expect_err("unfinished");
    says(&error, &["environment.json", "restore the file"]);
    let error = RunDir::create(run.samples()).expect_err("a file is in the way");
    says(&error, &["samples.csv: cannot make this folder"]);
}

#[test]
fn an_environment_of_another_version_or_shape_is_named() {
    let (_folder, run) = folder();
    let path = run.environment();
    environment::write_environment(&path, &fixtures::environment()).expect("written");
    let text = fs::read_to_string(&path).expect("read");
    let other = text.replacen("\"schema_version\": 1", "\"schema_version\": 7", 1);
    fs::write(&path, other).expect("written");
    let error = environment::read_environment(&path).expect_err("version");
    says(&error, &["schema version 7", "reads 1"]);
    fs::write(&path, text.replacen("\"seed\"", "\"sead\"", 1)).expect("written");
    let error = environment::read_environment(&path).expect_err("field");
    says(&error, &["environment.json, line", "missing field `seed`"]);
    fs::write(&path, &text[..100]).expect("written");
    let error = environment::read_environment(&path).expect_err("torn");
    says(&error, &["environment.json, line", "EOF"]);
    let not_a_number =
        super::Environment { timer_overhead_ns: f64::NAN, ..fixtures::environment() };
    assert!(environment::write_environment(&path, &not_a_number).is_err());
}
