# `just` alone lists the recipes. Each is one command that can be typed by hand as well.

harness := "cargo run --release --quiet --"

_default:
    @just --list

# The degradation figure: the paper's two experiments, 100M lookups, under five minutes
bench *ARGS:
    {{harness}} reproduce {{ARGS}}

# The same once over, under a minute
bench-quick *ARGS:
    {{harness}} reproduce --profile quick {{ARGS}}

# 100 runs of everything, as the paper; go on after an interrupt with `just bench-paper --resume`
bench-paper *ARGS:
    {{harness}} reproduce --profile paper {{ARGS}}

# Every test
test *ARGS:
    cargo test --workspace {{ARGS}}

# What must be clean before a change lands
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Render a recorded run again: index.html, report.md, figures, tables
report DIR="results/latest" *ARGS:
    {{harness}} report {{DIR}} {{ARGS}}

# File a finished run, with its report, under results/record/
record DIR *ARGS:
    {{harness}} record add {{DIR}} {{ARGS}}

# Make the tables of README and FINDINGS anew from the records; `just splice --check` only compares
splice *ARGS:
    {{harness}} record splice {{ARGS}} README.md docs/FINDINGS.md

# Everything that continuous integration runs
ci:
    bash .ci/run
