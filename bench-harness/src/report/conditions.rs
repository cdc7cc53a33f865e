//! Under which conditions a figure was made, and what is missing: in sentences, for the tables.
//!
//! How a table was built and what share of lookups hit decides what its time means; a reader who
//! has to look that up in another file will not.

use serde_json::Value;

use super::field::is_crowd;
use super::numbers::{self, count, finite};
use super::setting::Setting;
use super::text::clean;
use super::view::{Group, View};
use crate::record::{BASELINE, ModeCheck, Run, SampleRow, Status, SummaryRow, mode_checks};

/// How each table of a layout was built and how large it is, said under the first of its questions, and
/// how many lookups found a page. The last alone for a run of so many backends that the others have a
/// table of their own.
pub(super) fn built(view: &View<'_>, group: &Group<'_>) -> Vec<String> {
    let Some(batch) = group.batches.last() else { return Vec::new() };
    let rows = || batch.rows.iter().filter(|row| row.status == Status::Ok && row.build.is_some());
    let mut of_layout = view.groups.iter().filter(|other| other.layout == group.layout);
    let first = of_layout.next().is_some_and(|first| std::ptr::eq(first, group));
    let mut parts: Vec<String> = if is_crowd(view) || !first {
        Vec::new()
    } else {
        rows().map(|row| one(view.run, group.layout, row)).collect()
    };
    if let Some(rate) = rows().find_map(|row| finite(row.hit_rate)) {
        parts.push(format!("{} % of lookups find a page", numbers::fixed(rate * 100.0, 1)));
    }
    if parts.is_empty() { Vec::new() } else { vec![format!("{}.", parts.join("; "))] }
}

/// Whether the cost net of the generator is the same with the addresses drawn inside the timed loop and
/// before it; and why not, if not. It is of those two modes and was measured once a layout, so it stands
/// there once, under the question that it was measured with or else under the first in one of the two.
pub(super) fn modes(view: &View<'_>, group: &Group<'_>) -> Vec<String> {
    let run = view.run;
    let measured = run.modes.iter().find(|row| row.layout == group.layout);
    let far = |other: &&Group<'_>| {
        let Setting { workload, mode, target, .. } = other.setting;
        let same =
            |row: &SampleRow| (row.workload.as_str(), row.target.as_str()) == (workload, target);
        (!measured.is_some_and(same), mode != "trace")
    };
    let of_layout = view.groups.iter().filter(|other| other.layout == group.layout);
    let either = of_layout.filter(|other| matches!(other.setting.mode, "inline" | "trace"));
    if !either.min_by_key(far).is_some_and(|nearest| std::ptr::eq(nearest, group)) {
        return Vec::new();
    }
    let checks = mode_checks(&run.modes);
    let here: Vec<_> = checks.iter().filter(|check| check.layout == group.layout).collect();
    let those = |agreeing| -> Vec<&ModeCheck> {
        here.iter().copied().filter(|check| check.agrees() == Some(agreeing)).collect()
    };
    let (agree, differ) = (those(true), those(false));
    let mut sentences = Vec::new();
    if !agree.is_empty() {
        let names: Vec<String> = agree.iter().map(|check| clean(&check.backend)).collect();
        sentences.push(format!("Net of `inline` and of `trace` agree for {}.", names.join(", ")));
    }
    let untold: Vec<&ModeCheck> =
        here.iter().copied().filter(|check| check.agrees().is_none()).collect();
    if !untold.is_empty() {
        let figures: Vec<String> = untold.iter().map(|check| differing(check)).collect();
        sentences.push(format!(
            "Whether net of `inline` and of `trace` agree cannot be told for {}.",
            figures.join("; ")
        ));
    }
    if !differ.is_empty() {
        let figures: Vec<String> = differ.iter().map(|check| differing(check)).collect();
        sentences.push(format!(
            "Net of `inline` and of `trace` disagree for {}: on a core that works ahead the costs of \
             generator and lookup do not simply add. {} For the lookup alone `trace` is the one to \
             believe.",
            figures.join("; "),
            why(&differ)
        ));
    }
    sentences
}

/// What makes `inline` cheaper, or dearer, than `trace` once the generator is taken off.
fn why(differ: &[&ModeCheck]) -> String {
    let mut reasons = Vec::new();
    if differ.iter().any(|check| check.change.point < 0.0) {
        reasons.push(
            "Where `inline` is cheaper, drawing is done while the lookup waits, so that the \
             generator's time is taken off twice, or the block of addresses of `trace` crowds the \
             cache.",
        );
    }
    if differ.iter().any(|check| check.change.point > 0.0) {
        reasons.push(
            "Where `inline` is dearer, a lookup has to wait for its address to be drawn, and fewer of \
             them are under way at once than with addresses that are there already.",
        );
    }
    reasons.join(" ")
}

/// `array (17.02 against 15.70 ns, +8.4 % [+7.9, +8.9])`.
fn differing(check: &ModeCheck) -> String {
    let ns = |value| numbers::significant(value, 4);
    let percent = |fraction: f64| 100.0 * fraction;
    let [value, low, high] = numbers::change_cells(
        Some(percent(check.change.point)),
        check.change.low.map(percent),
        check.change.high.map(percent),
    );
    format!(
        "{} ({} against {} ns, {value} % [{low}, {high}])",
        clean(&check.backend),
        ns(check.inline_ns),
        ns(check.trace_ns)
    )
}

fn one(run: &Run, layout: &str, row: &SummaryRow) -> String {
    let how = match row.build.as_deref() {
        Some("replay") => "built step by step".to_owned(),
        Some("final") => "loaded at boot with the final map".to_owned(),
        other => format!("built: {}", clean(other.unwrap_or_default())),
    };
    let capacity = match planned(run, layout).and_then(|plan| plan.get("array_capacity")) {
        Some(Value::String(text)) if row.backend.starts_with("array") => {
            format!(", capacity {}", clean(text))
        }
        Some(Value::Number(n)) if row.backend.starts_with("array") => format!(", capacity {n}"),
        _ => String::new(),
    };
    let took =
        finite(row.build_s).map_or_else(String::new, |s| format!(" in {}", numbers::time(s)));
    let size = row.bytes_total.map_or_else(String::new, |n| format!(", {}", numbers::bytes(n)));
    let each = finite(row.bytes_per_segment)
        .map_or_else(String::new, |n| format!(" ({} B a segment)", numbers::fixed(n, 0)));
    format!("{}: {how}{took}{capacity}{size}{each}", clean(&row.backend))
}

/// What the plan of the run says of a layout.
pub(super) fn planned<'a>(run: &'a Run, layout: &str) -> Option<&'a Value> {
    let layouts = run.environment.plan.get("layouts")?.as_array()?;
    layouts.iter().find(|one| one.get("name").and_then(Value::as_str) == Some(layout))
}

/// What the others are compared to.
pub(super) fn reference<'r>(view: &View<'r>) -> Option<&'r str> {
    let run = view.run;
    let planned = run.environment.plan.get("reference").and_then(Value::as_str);
    planned.or_else(|| run.comparison.first().map(|row| row.reference.as_str()))
}

/// Which backends could not do which layouts, or failed there, and why: a line a backend and kind. Reasons that differ in
/// their numbers only are given once, with the numbers of the first layout, and it is said whose
/// numbers are others.
pub(super) fn unsupported(view: &View<'_>) -> Vec<String> {
    view.backends.iter().flat_map(|backend| unsupported_of(view, backend)).collect()
}

fn unsupported_of(view: &View<'_>, backend: &str) -> Vec<String> {
    let mut failed: Vec<(String, Vec<String>)> = Vec::new();
    // A reason, whom it is true of to the letter, and whom with other numbers.
    let mut reasons: Vec<(String, Vec<String>, Vec<String>)> = Vec::new();
    for group in &view.groups {
        for row in group.batches.iter().filter_map(|batch| batch.row(backend)) {
            let Some(reason) = row.status.reason() else { continue };
            let (reason, layout) = (clean(reason), clean(group.layout));
            if matches!(row.status, Status::Failed(_)) {
                match failed.iter_mut().find(|(earlier, _)| *earlier == reason) {
                    Some((_, layouts)) if layouts.contains(&layout) => {}
                    Some((_, layouts)) => layouts.push(layout),
                    None => failed.push((reason, vec![layout])),
                }
                continue;
            }
            let alike =
                reasons.iter_mut().find(|(earlier, ..)| numberless(earlier) == numberless(&reason));
            match alike {
                Some((_, same, others)) if same.contains(&layout) || others.contains(&layout) => {}
                Some((earlier, same, _)) if *earlier == reason => same.push(layout),
                Some((.., others)) => others.push(layout),
                None => reasons.push((reason, vec![layout], Vec::new())),
            }
        }
    }
    let reasons: Vec<String> = reasons
        .into_iter()
        .map(|(reason, same, others)| match others.as_slice() {
            [] => format!("{reason} ({})", same.join(", ")),
            _ => {
                format!("{reason} ({}; with other figures {})", same.join(", "), others.join(", "))
            }
        })
        .collect();
    let name = clean(backend);
    let unsupported =
        (!reasons.is_empty()).then(|| format!("{name}: unsupported: {}", reasons.join("; ")));
    let failed = failed.into_iter().map(|(reason, layouts)| {
        format!("{name}: failed: {reason} (unfinished: {})", layouts.join(", "))
    });
    unsupported.into_iter().chain(failed).collect()
}

fn numberless(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Why a group has no comparison although there is more than one backend, and the way out.
pub(super) fn nothing_to_compare(group: &Group<'_>, view: &View<'_>) -> Option<String> {
    if view.backends.len() < 2 || group.batches.iter().any(|batch| !batch.comparisons.is_empty()) {
        return None;
    }
    let reference = reference(view)?;
    let row = group.batches.last()?.row(reference)?;
    let reason = row.status.reason()?;
    // An array for one segment has no more room to be given.
    let has_capacity = reason.starts_with("capacity") && !reason.starts_with("capacity 1 ");
    let way_out = if has_capacity {
        "--array-capacity unlimited gives it the room, --reference names another"
    } else {
        "--reference names another"
    };
    Some(format!(
        "{}: nothing is compared, because {}, the reference, {} there ({}); {way_out}.",
        clean(group.layout),
        clean(reference),
        if row.status.kind() == "failed" { "failed" } else { "is unsupported" },
        clean(reason)
    ))
}

/// Says so when the run has not ended.
pub(super) fn unfinished(run: &Run) -> Option<String> {
    let planned = !run.environment.plan.is_null();
    (planned && run.environment.ended.is_none()).then(|| {
        let backends = run.samples.iter().filter(|row| row.backend != BASELINE).count();
        format!(
            "Not finished: the run was cut off or is still going on; {} batches of backends are \
             measured so far. The same command with --resume goes on.",
            count(backends as u64)
        )
    })
}
