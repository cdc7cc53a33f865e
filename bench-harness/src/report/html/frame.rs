//! What every page stands in: head, table of contents, style and script.
//!
//! The policy in the head forbids the browser to fetch anything from anywhere and to run any script but ours, which it
//! knows by its hash: should escaping ever fail, a name still could not act.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::prose::Prose;
use crate::record::Environment;
use crate::report::machine::or_unknown;

/// Style sheets, in order.
const STYLE: [&str; 5] = [
    include_str!("../../../templates/style/page.css"),
    include_str!("../../../templates/style/tables.css"),
    include_str!("../../../templates/style/figures.css"),
    include_str!("../../../templates/style/samples.css"),
    include_str!("../../../templates/style/print.css"),
];

/// Scripts, in order; each keeps to itself.
const SCRIPT: [&str; 4] = [
    include_str!("../../../templates/script/overview.js"),
    include_str!("../../../templates/script/chart.js"),
    include_str!("../../../templates/script/samples.js"),
    include_str!("../../../templates/script/print.js"),
];

/// Head and foot of a page.
pub(super) struct Frame {
    pub what: &'static str,
    pub run: String,
    pub program: String,
    /// Contents, in the order of the page.
    pub chapters: Vec<Chapter>,
    pub style: String,
    pub script: String,
    /// The content security policy.
    pub policy: String,
}

/// An entry of the table of contents.
pub(super) struct Chapter {
    pub id: &'static str,
    pub name: &'static str,
}

impl Chapter {
    /// The parts, by address and name, that are there.
    pub(super) fn those(parts: &[(&'static str, &'static str, bool)]) -> Vec<Self> {
        let there = parts.iter().filter(|(.., there)| *there);
        there.map(|&(id, name, _)| Self { id, name }).collect()
    }
}

impl Frame {
    pub(super) fn new(what: &'static str, environment: &Environment) -> Self {
        let script = SCRIPT.concat();
        let hash = BASE64.encode(&Sha256::digest(script.as_bytes()));
        Self {
            what,
            run: or_unknown(&environment.run_id),
            program: or_unknown(&environment.tool_version),
            chapters: Vec::new(),
            style: STYLE.concat(),
            script,
            policy: format!(
                "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; img-src data:; \
                 base-uri 'none'; form-action 'none'"
            ),
        }
    }
}

/// The rows of the table on the machine.
pub(super) fn machine(rows: &[(&'static str, String)]) -> Vec<(Prose, String)> {
    rows.iter().map(|(name, value)| (Prose::of(name), value.clone())).collect()
}
