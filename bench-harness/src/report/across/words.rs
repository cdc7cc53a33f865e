//! The sentences that go with the tables: which run is which, what is left out, what the intervals do
//! not hold. Only `across` uses it.

use std::collections::BTreeMap;

use super::Recorded;
use crate::record::{Across, AcrossRow, KIND_RELATIVE, LeftOut, differences};
use crate::report::numbers::count;
use crate::report::text::clean;

/// Which run is A and which is B.
pub(super) fn heading(a: Recorded<'_>, b: Recorded<'_>) -> Vec<String> {
    let one = |name: &str, recorded: Recorded<'_>| {
        let environment = &recorded.run.environment;
        let ended = if environment.ended.is_some() { "" } else { "; it was cut off" };
        format!(
            "{name}: {} (run {}, begun {}, commit {}{ended})",
            clean(recorded.folder),
            clean(&environment.run_id),
            clean(&environment.started),
            clean(&environment.tool_commit),
        )
    };
    let mut lines = vec![one("A", a), one("B", b)];
    let ids = [a, b].map(|recorded| recorded.run.environment.run_id.as_str());
    if ids[0] == ids[1] {
        lines.push(if a.run.samples == b.run.samples {
            "A and B are the same run: that nothing changed says nothing.".to_owned()
        } else {
            "A and B carry the same run id, yet their samples differ: one of them was edited, or \
             resumed after it was copied."
                .to_owned()
        });
    }
    lines
}

/// The remarks of rows, each once with the backends that it is about.
pub(super) fn notes(rows: &[AcrossRow]) -> Vec<String> {
    let mut said: Vec<(&str, Vec<String>)> = Vec::new();
    for row in rows {
        let Some(note) = row.note.as_deref() else { continue };
        let about = format!("{} at {}", clean(&row.backend), count(row.lookups));
        match said.iter_mut().find(|(words, _)| *words == note) {
            Some((_, rows)) if rows.contains(&about) => {}
            Some((_, rows)) => rows.push(about),
            None => said.push((note, vec![about])),
        }
    }
    said.iter().map(|(note, rows)| format!("{}: {}.", rows.join(", "), clean(note))).collect()
}

/// What could not be compared: a line for each reason, with the batches it holds for.
pub(super) fn left_out(across: &Across) -> Vec<String> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut note = |reason: String, batch: String| reasons.entry(reason).or_default().push(batch);
    for left in &across.left_out {
        let run = |in_first: &bool| if *in_first { "A" } else { "B" };
        match left {
            LeftOut::Layout { layout } => note(
                "layouts of the same name with other contents, so with other work to do".to_owned(),
                clean(layout),
            ),
            LeftOut::Batch { configuration: c, in_first } => note(
                format!("measured in {} only", run(in_first)),
                format!(
                    "{} with {} lookups ({}, {}, {}, {})",
                    clean(&c.layout),
                    count(c.lookups),
                    clean(&c.workload),
                    clean(&c.mode),
                    clean(&c.target),
                    clean(&c.rng)
                ),
            ),
            LeftOut::Backend { configuration, backend, in_first, reason } => {
                let why =
                    reason.as_ref().map_or_else(String::new, |why| format!(" ({})", clean(why)));
                note(
                    format!("{} measured in {} only{why}", clean(backend), run(in_first)),
                    format!(
                        "{} with {} lookups",
                        clean(&configuration.layout),
                        count(configuration.lookups)
                    ),
                );
            }
        }
    }
    reasons.iter().map(|(why, what)| format!("{why}: {}.", what.join("; "))).collect()
}

/// What the intervals do not hold.
pub(super) fn caveat(a: Recorded<'_>, b: Recorded<'_>, across: &Across) -> Vec<String> {
    let mut lines = vec![
        "The runs were not interleaved: whatever changed between them (the machine, its neighbours, \
         the clock, the build, where code came to lie) is in these figures and in no interval."
            .to_owned(),
    ];
    match &across.reference {
        Some(reference) if across.rows.iter().any(|row| row.kind == KIND_RELATIVE) => {
            lines.push(format!(
                "time: a lookup's time in B over that in A. relative: the time against {} in B over \
                 that in A, which takes out how fast the machine was on either day; that is the one to \
                 ask what a commit changed.",
                clean(reference)
            ));
        }
        Some(_) => {}
        None => lines.push(
            "The runs have no reference in common, so there are no relative figures: how fast the \
             machine was on either day is in all of these."
                .to_owned(),
        ),
    }
    let unit = |of: Recorded<'_>| of.run.comparison.first().map(|row| row.unit.clone());
    if let (Some(one), Some(other)) = (unit(a), unit(b))
        && one != other
    {
        lines.push(format!(
            "A's evidence is of the unit `{one}`, B's of `{other}`: where code and data came to lie \
             differs within the one interval and not within the other."
        ));
    }
    if differences(&a.run.environment, &b.run.environment).is_empty() {
        lines.push("The records show no difference of machine, settings or program.".to_owned());
    }
    lines
}
