//! `doctor` looks at any machine, and what it finds is no failure.

use super::Scratch;

const CHECKS: [&str; 16] = [
    "timer",
    "frequency",
    "turbo",
    "pinning",
    "smt",
    "hypervisor",
    "simd",
    "counters",
    "steal",
    "load",
    "other-cores",
    "own-core",
    "aslr",
    "huge-pages",
    "memory",
    "swap",
];

#[test]
fn every_check_has_its_line_and_the_machine_its_fingerprint() {
    let scratch = Scratch::new();
    let output = scratch.harness("doctor").output().expect("it runs");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout).expect("text");
    let heads: Vec<(&str, &str)> = text
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with(' '))
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().expect("a state"), words.next().expect("a name"))
        })
        .collect();
    assert_eq!(heads.iter().map(|(_, name)| *name).collect::<Vec<_>>(), CHECKS, "{text}");
    for (state, name) in heads {
        assert!(["ok", "warn", "unknown"].contains(&state), "{name}: {state}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let last = text.lines().last().expect("a line");
    let fingerprint = last.strip_prefix("machine fingerprint: ").expect("named");
    let is_hash = fingerprint.len() == 16 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
    assert!(is_hash || fingerprint == "unknown", "{last}");
    assert_eq!(std::fs::read_dir(scratch.dir.path()).expect("the folder").count(), 0);
}

#[test]
fn the_fingerprint_is_the_one_in_the_records() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let output = scratch.harness("doctor").output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    let fingerprint = text.trim_end().rsplit(' ').next().expect("a word");
    let json: serde_json::Value =
        serde_json::from_str(&scratch.read("out/environment.json")).expect("JSON");
    assert_eq!(json["machine_fingerprint"], fingerprint);
}
