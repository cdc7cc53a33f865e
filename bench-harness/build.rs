//! Tells the program who built it: compiler, commit, flags. Whatever cannot be found out is
//! "unknown", and nothing here can fail the build: sources may come without git, or git may refuse.

use std::{env, path::Path, process::Command};

const UNKNOWN: &str = "unknown";

/// What ends up in the program, seen from this package's folder. A change to anything else, say a
/// page of documentation, does not make a measurement another program's.
const SOURCES: [&str; 9] = [
    "build.rs",
    "Cargo.toml",
    "src",
    "../Cargo.lock",
    "../Cargo.toml",
    "../layouts",
    "../physseg/Cargo.toml",
    "../physseg/src",
    "../recordings",
];

fn main() {
    set("COMPILER", compiler());
    set("COMMIT", commit());
    set("FLAGS", Some(flags()));
    // For `-dirty` to be true, this has to run again when a source changes; for the commit, when HEAD
    // moves. Not when the index changes: every `git status` would rebuild the program.
    for source in SOURCES {
        watch(source);
    }
    for file in ["HEAD", "logs/HEAD", "packed-refs"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]) {
            watch(&path);
        }
    }
    if let Some(branch) = git(&["symbolic-ref", "--quiet", "HEAD"])
        && let Some(path) = git(&["rev-parse", "--git-path", &branch])
    {
        watch(&path);
    }
    for variable in ["RUSTC", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
}

fn set(name: &str, value: Option<String>) {
    // A line break would be taken for the next instruction to cargo.
    let value = value.unwrap_or_default().lines().collect::<Vec<_>>().join(" ");
    let value = if value.is_empty() { UNKNOWN } else { &value };
    println!("cargo::rustc-env=BENCH_HARNESS_{name}={value}");
}

/// A path that is not there would count as changed every time.
fn watch(path: &str) {
    if Path::new(path).exists() {
        println!("cargo::rerun-if-changed={path}");
    }
}

fn compiler() -> Option<String> {
    output(Command::new(env::var_os("RUSTC")?).arg("-V"))
}

fn commit() -> Option<String> {
    // Unpacked inside somebody else's repository, git would name that one's commit.
    git(&["ls-files", "--error-unmatch", "Cargo.toml"])?;
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(SOURCES.into_iter().filter(|source| Path::new(source).exists()));
    let clean = git(&status).is_some_and(|changes| changes.is_empty());
    Some(if clean { commit } else { format!("{commit}-dirty") })
}

fn flags() -> String {
    let variable = |name: &str| env::var(name).unwrap_or_else(|_| UNKNOWN.to_owned());
    let rustflags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().replace('\x1f', " ");
    format!(
        "profile {}, opt-level {}, target {}, RUSTFLAGS {}",
        variable("PROFILE"),
        variable("OPT_LEVEL"),
        variable("TARGET"),
        if rustflags.is_empty() { "none" } else { &rustflags },
    )
}

/// Git without locks of its own: a build must not disturb a commit under way elsewhere.
fn git(arguments: &[&str]) -> Option<String> {
    output(Command::new("git").arg("--no-optional-locks").args(arguments))
}

/// What a command prints, if it is there and succeeds.
fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
