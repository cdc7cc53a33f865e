//! Every way to get a layout file wrong, and the message that answers it: file, line, step, what is
//! wrong and what was expected, on one line.

use std::path::PathBuf;

use bench_harness::layout::{self, Layout, LayoutError, Origin, StepKind};
use physseg::{FrameRange, PageSize, Pfn};

/// What each test file starts with: 9 lines, two of them steps.
const GOOD: &str = r#"name = "test"
page_size = 4096
physseg_max = 32

[[step]]
load = { start = 0, end = 256 }

[[step]]
boot = true
"#;

/// `text` in a file of its own, opened.
fn open(text: &str) -> (Result<Layout, LayoutError>, PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.toml");
    std::fs::write(&path, text).unwrap();
    (layout::open(path.to_str().unwrap()), path, folder)
}

/// The message for `text`, without the path of the file.
fn message(text: &str) -> String {
    let (result, path, _folder) = open(text);
    let message = result.expect_err(text).to_string();
    assert!(!message.contains('\n'), "one line: {message}");
    let rest = message.strip_prefix(path.to_str().unwrap());
    rest.unwrap_or_else(|| panic!("names the file: {message}")).to_owned()
}

/// Asserts that `text` is refused at `place` (":LINE: step N: " or less) with all of `words`.
#[track_caller]
fn refused(text: &str, place: &str, words: &[&str]) {
    let message = message(text);
    assert!(message.starts_with(place), "{place:?} expected: {message}");
    for word in words {
        assert!(message.contains(word), "{word:?} expected: {message}");
    }
}

/// [`refused`] for a third step, which starts on line 10 and says what it does on line 11.
#[track_caller]
fn step_refused(action: &str, words: &[&str]) {
    refused(&format!("{GOOD}[[step]]\n{action}\n"), ":11: step 3: ", words);
}

/// [`GOOD`] with one line replaced.
fn with(old: &str, new: &str) -> String {
    assert!(GOOD.contains(old), "{old}");
    GOOD.replacen(old, new, 1)
}

#[test]
fn the_example_that_all_others_spoil_is_good() {
    let (layout, path, _folder) = open(GOOD);
    let layout = layout.unwrap();
    assert_eq!(layout.name, "test");
    assert_eq!(layout.origin, Origin::Path(path));
    assert_eq!(layout.page_size, PageSize::FOUR_KIB);
    assert_eq!(layout.steps[0].line, Some(6));
    assert_eq!(layout.steps[1].line, Some(9));
    let all = FrameRange::new(Pfn::ZERO, Pfn::new(256)).unwrap();
    assert_eq!(layout.final_segments().unwrap(), [all]);
    assert_eq!(layout.lookups.range, all, "the span, where none is given");
}

#[test]
fn what_may_be_left_out_has_a_default() {
    let text = "name = 'x'\nstep = [{ load = { start = 16, end = \"0x20\" } }, { boot = true }]";
    let layout = open(text).0.unwrap();
    assert_eq!((layout.physseg_max, layout.description.as_str()), (32, ""));
    assert_eq!(layout.page_size, PageSize::FOUR_KIB);
    assert_eq!(layout.lookups.range.frames(), 16);
    assert_eq!(layout.lookups.fold_below, None);
}

#[test]
fn frames_are_integers_or_hexadecimal_strings() {
    let text = with("end = 256", "end = \"0x100\"");
    assert_eq!(open(&text).0.unwrap().lookups.range.frames(), 256);
    let text = with("end = 256", "end = 0x100");
    assert_eq!(open(&text).0.unwrap().lookups.range.frames(), 256);
    for bad in [
        "\"256\"",
        "\"0x\"",
        "\"0x+1\"",
        "\"0xg\"",
        "\"0x10000000000000000\"",
        "-1",
        "18446744073709551616",
        "340282366920938463463374607431768211456",
        "256.0",
        "true",
        "[1]",
        "2026-01-01",
    ] {
        refused(&with("end = 256", &format!("end = {bad}")), ":6: step 1: ", &[]);
    }
    refused(&with("end = 256", "end = -1"), ":6: step 1: ", &["-1", "a whole number from 0"]);
}

#[test]
fn malformed_toml() {
    refused("name = \"x\n", ":1: ", &["not valid TOML"]);
    refused(&with("end = 256 }", "end = 256 ]"), ":6: ", &["not valid TOML"]);
    refused(&format!("{GOOD}name = 1\nname = 2"), ":", &["duplicate key"]);
    let deep = format!("x = {}", "[".repeat(100_000));
    refused(&deep, ":1: ", &["not valid TOML"]);
}

#[test]
fn unknown_keys_are_answered_with_the_valid_ones() {
    let text = with("physseg_max", "physseg_maximum");
    refused(&text, ":3: ", &["unknown key `physseg_maximum`", "`physseg_max`"]);
    step_refused(
        "plug = { start = 256, end = 512, split = 8 }",
        &["unknown key `split`", "`start`", "`end`"],
    );
    step_refused("grow = { start = 1, end = 2 }", &["`grow`", "`load`", "`unplug`"]);
    let text = format!("{GOOD}\n[lookups]\nstart = 0\nend = 256\nseed = 1\n");
    refused(&text, ":14: unknown key `seed`", &["`fold_below`"]);
}

#[test]
fn missing_keys_are_named() {
    refused(&with("name = \"test\"\n", ""), ":1: missing key `name`", &[]);
    step_refused("plug = { start = 256 }", &["missing key `end`"]);
    refused(&format!("{GOOD}\n[lookups]\nstart = 1\n"), ":11: missing key `end`", &[]);
    for (given, missing) in [
        ("every = 8, frames = [1, 7]", "`seed` is missing"),
        ("every = 8, seed = 1", "`frames` is missing"),
        ("frames = [1, 7]", "`every` is missing"),
        ("seed = 1", "`every` is missing"),
    ] {
        let step = format!("unplug = {{ start = 0, end = 64, {given} }}");
        step_refused(&step, &[missing, "plain unplug"]);
    }
}

#[test]
fn a_step_is_one_action() {
    let none = format!("{GOOD}[[step]]\n");
    refused(&none, ":10: step 3: ", &["exactly one of", "has none"]);
    let two = format!(
        "{GOOD}[[step]]\nplug = {{ start = 256, end = 512 }}\nunplug = {{ start = 0, end = 8 }}\n"
    );
    refused(&two, ":10: step 3: ", &["exactly one of", "has plug and unplug"]);
    step_refused("boot = false", &["`boot = true`"]);
    step_refused("boot = 1", &["expected a boolean"]);
}

#[test]
fn ranges_hold_frames_within_52_bit_addresses() {
    step_refused("plug = { start = 512, end = 512 }", &["no frame", "start and end are equal"]);
    step_refused("plug = { start = 512, end = 511 }", &["no frame", "end lies before start"]);
    step_refused(
        "plug = { start = 256, end = \"0x10000000001\" }",
        &["52-bit", "0x10000000000", "not bytes"],
    );
    step_refused("unplug = { start = 0, end = 9223372036854775807 }", &["52-bit"]);
    let last =
        format!("{GOOD}[[step]]\nplug = {{ start = \"0xffffffffff\", end = \"0x10000000000\" }}\n");
    assert!(open(&last).0.is_ok(), "the last frame there is");
    let larger = with("page_size = 4096", "page_size = 1048576").replace("256", "4294967297");
    refused(&larger, ":6: step 1: ", &["1048576 bytes", "0x100000000"]);
}

#[test]
fn steps_do_not_overlap() {
    step_refused(
        "plug = { start = 255, end = 512 }",
        &["overlaps [0x0, 0x100)", "share no frames"],
    );
    let text =
        with("end = 256 }", "end = 256, split = 8 }\n[[step]]\nload = { start = 8, end = 9 }");
    refused(&text, ":8: step 2: ", &["overlaps [0x8, 0x10)"]);
}

#[test]
fn unplug_takes_frames_of_one_segment() {
    step_refused(
        "unplug = { start = 512, end = 520 }",
        &["0x200 is a hole", "in one present segment"],
    );
    step_refused("unplug = { start = 248, end = 264 }", &["0x100 is a hole"]);
    step_refused("unplug = { start = 0, end = 256 }", &["the only segment"]);
    let text = format!(
        "{GOOD}[[step]]\nplug = {{ start = 256, end = 512 }}\n\
         [[step]]\nunplug = {{ start = 255, end = 257 }}\n"
    );
    refused(&text, ":13: step 4: ", &["beyond segment [0x0, 0x100)", "step of its own"]);
    step_refused(
        "unplug = { start = 0, end = 512, every = 8, frames = [1, 7], seed = 1 }",
        &["0x100 is a hole"],
    );
}

#[test]
fn boot_comes_once_after_a_load_and_before_no_other() {
    step_refused("boot = true", &["ended already at step 2"]);
    step_refused(
        "load = { start = 256, end = 512 }",
        &["load after boot (step 2)", "expected `plug`"],
    );
    refused("name = 'x'\n[[step]]\nboot = true\n", ":3: step 1: ", &["no memory loaded"]);
    refused(&with("[[step]]\nboot = true\n", ""), ": boot never ends", &["`boot = true`"]);
    refused("name = 'x'\n", ": the layout has no segments", &["`load`"]);
    refused("name = 'x'\nstep = []\n", ": the layout has no segments", &[]);
    let early = with(
        "[[step]]\nboot",
        "[[step]]\nplug = { start = 300, end = 400 }\n\n[[step]]\n\
         unplug = { start = 0, end = 8 }\n\n[[step]]\nboot",
    );
    assert!(open(&early).0.is_ok(), "plug and unplug work at boot too");
}

#[test]
fn fragmentation_leaves_a_frame_of_each_piece_and_takes_one() {
    let step = |every: &str, frames: &str| {
        format!("unplug = {{ start = 0, end = 64, every = {every}, frames = {frames}, seed = 1 }}")
    };
    step_refused(&step("0", "[1, 7]"), &["every is 0", "at least 2"]);
    step_refused(&step("1", "[1, 1]"), &["every is 1", "at least 2"]);
    for frames in ["[0, 7]", "[1, 8]", "[5, 4]"] {
        step_refused(&step("8", frames), &[frames, "every = 8", "<= 7"]);
    }
    step_refused(&step("8", "[1]"), &["1 numbers", "expected two"]);
    step_refused(&step("8", "[1, 2, 3]"), &["3 numbers", "expected two"]);
    step_refused(&step("8", "3"), &["expected a sequence"]);
}

#[test]
fn values_of_the_header() {
    for bad in ["0", "1000", "256", "2147483648"] {
        let text = with("page_size = 4096", &format!("page_size = {bad}"));
        refused(&text, ":2: page_size", &[bad, "power of two"]);
    }
    for bad in ["0", "134217729", "9223372036854775807"] {
        let text = with("physseg_max = 32", &format!("physseg_max = {bad}"));
        refused(&text, ":3: physseg_max", &[bad, "expected 1 to"]);
    }
    for bad in ["\"\"", "\"  \"", "\"a\\nb\"", "\"\\u001b[31m\""] {
        let text = with("name = \"test\"", &format!("name = {bad}"));
        refused(&text, ":1: name", &["1 to 100 characters"]);
    }
    let text = with("\"test\"", &format!("{:?}", "x".repeat(101)));
    refused(&text, ":1: name", &["1 to 100 characters"]);
    refused(&with("\"test\"", "7"), ":1: ", &["expected a string"]);
    let text = with("page_size", "description = \"\\u001b[2J\"\npage_size");
    refused(&text, ":2: description", &["control characters"]);
    let text = with("page_size", "source = \"\\u0007\"\npage_size");
    refused(&text, ":2: source", &["control characters"]);
    step_refused("load = { start = 0, end = 8, split = 0 }", &["split is 0"]);
}

#[test]
fn lookups_are_a_range_of_possible_frames() {
    let lookups = |keys: &str| format!("{GOOD}\n[lookups]\n{keys}\n");
    refused(&lookups("start = 8\nend = 8"), ":11: range [0x8, 0x8) holds no frame", &[]);
    refused(&lookups("start = 8\nend = 7"), ":11: ", &["before start"]);
    refused(&lookups("start = 8\nend = \"0x10000000001\""), ":11: ", &["52-bit"]);
    refused(
        &lookups("start = 8\nend = 9\nfold_below = \"0x10000000001\""),
        ":11: fold_below",
        &["52-bit"],
    );
    let good = open(&lookups("start = 8\nend = 9999\nfold_below = 10")).0;
    let lookups = good.unwrap().lookups;
    assert_eq!(lookups.range.end(), Pfn::new(9999), "beyond the segments");
    assert_eq!(lookups.fold_below, Some(Pfn::new(10)));
}

#[test]
fn too_many_segments_are_refused_before_memory_runs_out() {
    let text = with("end = 256 }", "end = \"0x10000000000\", split = 1 }");
    refused(&text, ":6: step 1: ", &["1099511627776 segments"]);
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent.toml");
    let message = layout::open(absent.to_str().unwrap()).unwrap_err();
    let message = message.to_string();
    assert!(message.contains("absent.toml: cannot be read"), "{message}");
    let message = layout::open(folder.path().to_str().unwrap()).unwrap_err();
    assert!(message.to_string().contains("cannot be read"), "{message}");

    let latin = folder.path().join("latin.toml");
    std::fs::write(&latin, b"name = \"\xe4\"").unwrap();
    let message = layout::open(latin.to_str().unwrap()).unwrap_err();
    assert!(message.to_string().contains("not UTF-8"), "{message}");

    // A file of that size without a byte on disk.
    let huge = folder.path().join("huge.toml");
    let file = std::fs::File::create(&huge).unwrap();
    file.set_len(layout::FILE_BYTES_MAX + 1).unwrap();
    let message = layout::open(huge.to_str().unwrap()).unwrap_err();
    assert!(message.to_string().contains("larger than 64 MiB"), "{message}");
}

#[test]
fn names_that_are_no_layout() {
    let message = layout::open("paper-32x9").unwrap_err().to_string();
    assert_eq!(
        message,
        "unknown layout \"paper-32x9\"; did you mean \"paper-32x8\"? (valid: paper-32x8, \
         frag-1mb, frag-64mb, frag-64mb-as-run, frag-128mb, frag-256mb, frag-1gb, frag-16gb, \
         frag-256gb, frag-1tb, real-s390-2g, real-hotplug-vm-2g, real-vm-4g, real-xen-arm-10g, \
         real-laptop-40g, real-desktop-16g, real-bsd-12g, real-xen-dom0-32g, real-mips-4node-3g, \
         real-arm64-64g, real-2socket-1t, real-16node-12t, this-machine); or give the path of a \
         TOML file"
    );
    assert!(layout::open("").is_err());
}

#[test]
fn a_layout_made_by_a_program_is_checked_like_a_file() {
    let mut layout = layout::open("frag-1mb").unwrap();
    assert!(layout.check().is_ok());
    layout.physseg_max = 0;
    let message = layout.check().unwrap_err().to_string();
    assert!(message.starts_with("layouts/frag-1mb.toml: physseg_max 0"), "{message}");
    layout.physseg_max = 1;
    layout.steps.push(StepKind::Boot.into());
    let message = layout.check().unwrap_err().to_string();
    assert!(message.contains("toml: step 5: boot has ended"), "{message}");
}
