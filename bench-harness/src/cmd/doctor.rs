//! `doctor`: what about this machine matters to a measurement.

use std::fmt::Write;

use comfy_table::{ContentArrangement, Table, presets};

use super::{Failure, results};
use crate::cli::Format;
use crate::console;
use crate::machine::doctor::{Check, State, examine};
use crate::record::UNKNOWN;
use crate::report::formats::Rows;

/// Looks, and says what there is. What it finds is information and never a failure.
pub(super) fn run(format: Format) -> Result<(), Failure> {
    let seen = examine();
    let (checks, fingerprint) = (seen.checks(), &seen.environment.machine_fingerprint);
    let text = rendered(&checks, fingerprint);
    let text = if console::is_coloured() { console::states(&text) } else { text };
    results::of_rows(&rows(&checks, fingerprint), &text, format)
}

/// A row a check, and one that has the machine's fingerprint.
fn rows(checks: &[Check], fingerprint: &str) -> Rows {
    let mut rows = Rows::new(&["check", "state", "value", "meaning", "advice"]);
    for check in checks {
        let advice = check.advice.clone().unwrap_or_default();
        let texts = [check.name, check.state.as_str(), &check.value, check.meaning];
        rows.push(texts.map(str::to_owned).into_iter().chain([advice]));
    }
    let state = if fingerprint == UNKNOWN { State::Unknown } else { State::Ok };
    let meaning = "The same as long as the hardware is.";
    rows.push(["machine-fingerprint", state.as_str(), fingerprint, meaning].map(str::to_owned));
    rows
}

/// One line a check that begins with its state and its name, what it means and what to do indented
/// below; then the count, and the machine's fingerprint.
fn rendered(checks: &[Check], fingerprint: &str) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(80);
    for check in checks {
        let mut text = format!("{}\n{}", check.value, check.meaning);
        if let Some(advice) = &check.advice {
            let _ = write!(text, "\nDo: {advice}");
        }
        table.add_row([check.state.as_str(), check.name, &text]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text: String =
        table.lines().flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()]).collect();
    let of = |state| checks.iter().filter(|check| check.state == state).count();
    let (warn, unknown) = (of(State::Warn), of(State::Unknown));
    let _ = writeln!(text, "\n{} checks: {warn} warn, {unknown} unknown", checks.len());
    let _ = writeln!(text, "machine fingerprint: {fingerprint}");
    text
}

#[cfg(test)]
mod tests {
    use super::{Check, State, rendered};

    #[test]
    fn every_check_begins_a_line_and_advice_is_wrapped_below() {
        let check = |name, state, advice: Option<&str>| Check {
            name,
            state,
            value: "found".to_owned(),
            meaning: "A long explanation of what this means for a measurement, on two lines.",
            advice: advice.map(str::to_owned),
        };
        let checks = [
            check("timer", State::Ok, None),
            check("other-cores", State::Warn, Some("Stop them.")),
            check("swap", State::Unknown, None),
        ];
        let expected = "\
ok       timer        found
                      A long explanation of what this means for a measurement,
                      on two lines.
warn     other-cores  found
                      A long explanation of what this means for a measurement,
                      on two lines.
                      Do: Stop them.
unknown  swap         found
                      A long explanation of what this means for a measurement,
                      on two lines.

3 checks: 1 warn, 1 unknown
machine fingerprint: 0123456789abcdef
";
        assert_eq!(rendered(&checks, "0123456789abcdef"), expected);
    }
}
