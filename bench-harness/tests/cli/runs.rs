//! What a run leaves behind: files whose figures follow from each other.

use predicates::str::contains;

use super::Scratch;

#[test]
fn a_comparison_writes_every_file_and_every_row() {
    let scratch = Scratch::new();
    scratch.compare("--lookups 1K").assert().success().stdout(contains("rbtree"));
    // Two counts, two rounds, two backends and the baseline.
    assert_eq!(scratch.csv("out/samples.csv").len(), 1 + 2 * 2 * 3);
    assert_eq!(scratch.csv("out/summary.csv").len(), 1 + 2 * 3);
    assert_eq!(scratch.csv("out/comparison.csv").len(), 1 + 2);
    let environment: serde_json::Value =
        serde_json::from_str(&scratch.read("out/environment.json")).expect("JSON");
    for key in ["schema_version", "tool_version", "command_line", "cpu_model", "ended", "plan"] {
        assert!(!environment[key].is_null(), "{key}");
    }
    assert!(scratch.path("out/report/report.md").exists());
}

#[test]
fn the_columns_are_the_contract() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let header = |file: &str| scratch.csv(file)[0].join(", ");
    assert_eq!(
        header("out/samples.csv"),
        "run_id, process, round, position, layout, workload, mode, target, rng, lookups, backend, \
         seed, elapsed_ns, hits, checksum"
    );
    assert_eq!(
        header("out/summary.csv"),
        "layout, workload, mode, target, rng, lookups, backend, status, runs, mean_s, min_s, max_s, \
         median_s, stddev_population_s, stddev_sample_s, margin95_z_s, margin95_t_s, \
         ns_per_lookup, baseline_mean_s, net_mean_s, net_margin95_s, net_ns_per_lookup, hit_rate, \
         build, build_s, bytes_total, bytes_per_segment, outliers, autocorrelation, effective_runs, \
         drift_pct, instructions_per_lookup, cycles_per_lookup, branch_misses_per_lookup, \
         cache_misses_per_lookup, segments, frames, index_bytes, bytes_per_frame, index_share_pct"
    );
    assert_eq!(
        header("out/comparison.csv"),
        "layout, workload, mode, target, rng, lookups, reference, backend, rounds, \
         gross_change_pct, gross_low_pct, gross_high_pct, net_change_pct, net_low_pct, \
         net_high_pct, verdict, p_value, p_value_holm, mean_change_pct, mean_low_pct, \
         mean_high_pct, unit, units, autocorrelation, effective_rounds, sd_process_pct, \
         sd_round_pct, sd_within_pct, equivalence_pct, floor_pct, note"
    );
}

#[test]
fn one_run_has_no_margin_and_says_so_by_an_empty_field() {
    let scratch = Scratch::new();
    scratch.compare("--runs 1").assert().success();
    for column in ["stddev_sample_s", "margin95_z_s", "margin95_t_s", "net_margin95_s"] {
        assert_eq!(scratch.column("out/summary.csv", column), ["", "", ""], "{column}");
    }
    for column in ["gross_low_pct", "gross_high_pct", "verdict", "p_value"] {
        assert_eq!(scratch.column("out/comparison.csv", column), [""], "{column}");
    }
    let note = scratch.column("out/comparison.csv", "note");
    assert_eq!(note, ["1 round: an interval and a verdict need 2"], "empty, with the reason");
    let page = scratch.read("out/report/report.md");
    assert!(page.contains("an interval and a verdict need 2"), "{page}");
    for file in ["out/summary.csv", "out/comparison.csv", "out/report/report.md"] {
        assert!(!scratch.read(file).contains("NaN"), "{file}");
    }
}

#[test]
fn all_backends_of_a_round_see_the_same_addresses_and_rounds_differ() {
    let scratch = Scratch::new();
    scratch
        .compare("--layout frag-1mb --build final --array-capacity unlimited")
        .assert()
        .success();
    let cells = |column: &str| scratch.column("out/samples.csv", column);
    let (round, seed, backend) = (cells("round"), cells("seed"), cells("backend"));
    let (hits, checksum) = (cells("hits"), cells("checksum"));
    let mut seeds = Vec::new();
    for wanted in ["0", "1"] {
        let rows: Vec<usize> = (0..round.len()).filter(|&i| round[i] == wanted).collect();
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|&i| seed[i] == seed[rows[0]]));
        let found: Vec<_> = rows
            .iter()
            .filter(|&&i| backend[i] != "baseline")
            .map(|&i| (&hits[i], &checksum[i]))
            .collect();
        assert_eq!(found[0], found[1], "both loaded the same map, so both name the same pages");
        seeds.push(seed[rows[0]].clone());
    }
    assert_ne!(seeds[0], seeds[1]);
}

#[test]
fn the_build_column_says_how_each_table_came_about() {
    let scratch = Scratch::new();
    scratch.compare("--layout frag-1mb --array-capacity unlimited").assert().success();
    assert_eq!(scratch.column("out/summary.csv", "build"), ["final", "replay", ""]);
}

#[test]
fn modes_targets_workloads_and_generators_can_all_be_combined() {
    for mode in ["inline", "trace"] {
        for target in ["page", "handle"] {
            for workload in ["uniform", "atf"] {
                for rng in ["xoshiro256++", "random3"] {
                    let scratch = Scratch::new();
                    let words = format!(
                        "--mode {mode} --target {target} --workload {workload} --rng {rng}"
                    );
                    scratch.compare(&words).assert().success();
                    assert_eq!(scratch.column("out/samples.csv", "mode")[0], mode);
                    assert_eq!(scratch.column("out/samples.csv", "rng")[0], rng);
                }
            }
        }
    }
}

#[test]
fn a_report_is_rendered_again_byte_for_byte() {
    let scratch = Scratch::new();
    scratch.compare("--lookups 1K").assert().success();
    scratch.harness("report out --report again").assert().success();
    let mut files = 0;
    for entry in std::fs::read_dir(scratch.path("again")).expect("the folder") {
        let name = entry.expect("an entry").file_name();
        let pair = ["again", "out/report"].map(|dir| scratch.path(dir).join(&name));
        assert_eq!(
            std::fs::read(&pair[0]).expect("a file"),
            std::fs::read(&pair[1]).expect("a file"),
            "{}",
            pair[0].display()
        );
        files += 1;
    }
    assert!(files > 1, "figures and report.md");
}

#[test]
fn a_second_run_by_default_moves_the_first_aside() {
    let scratch = Scratch::new();
    let words = "compare --backends array --lookups 100 --runs 1 --quiet";
    scratch.harness(words).assert().success();
    let first = scratch.read("results/latest/samples.csv");
    scratch.harness(words).assert().success();
    let kept: Vec<String> = std::fs::read_dir(scratch.path("results"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"))
        .filter(|name| name != "latest")
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(scratch.read(&format!("results/{}/samples.csv", kept[0])), first);
    assert!(scratch.path("report/latest/report.md").exists());
}

#[test]
fn an_own_folder_is_never_overwritten() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let first = scratch.read("out/samples.csv");
    scratch.compare("").assert().code(2).stderr(contains("--resume"));
    assert_eq!(scratch.read("out/samples.csv"), first);
}

#[test]
fn a_run_of_which_nothing_can_be_measured_leaves_everything_as_it_was() {
    let scratch = Scratch::new();
    let words = "compare --backends array --lookups 100 --runs 2 --layout frag-1mb";
    let refused = |out: &str| {
        scratch
            .harness(&format!("{words} {out}"))
            .assert()
            .code(1)
            .stdout(contains("capacity 32 < 33 segments"))
            .stderr(contains("nothing was measured"));
    };
    // The second is not refused because of the first.
    for _ in 0..2 {
        refused("--out deep/out");
        assert!(!scratch.path("deep").exists());
    }
    refused("--processes 2 --out out");
    assert!(!scratch.path("out").exists());
    // A folder that was there stays, with what is in it.
    std::fs::create_dir(scratch.path("mine")).expect("a folder");
    scratch.write("mine/notes", "keep");
    refused("--out mine");
    assert_eq!(std::fs::read_dir(scratch.path("mine")).expect("still there").count(), 1);
    // And so does a run that was moved aside.
    scratch.harness("compare --backends array --lookups 100 --runs 1 --quiet").assert().success();
    let first = scratch.read("results/latest/samples.csv");
    let report = scratch.read("report/latest/report.md");
    refused("");
    assert_eq!(scratch.read("results/latest/samples.csv"), first);
    assert_eq!(scratch.read("report/latest/report.md"), report);
    assert_eq!(std::fs::read_dir(scratch.path("results")).expect("the folder").count(), 1);
}
