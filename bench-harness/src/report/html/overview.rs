//! Backends and layouts: what a lookup costs, against the reference, and how sure that is; a table a question.

use askama::Template;

use super::heat;
use crate::record::{Status, unit_named};
use crate::report::conditions::reference;
use crate::report::evidence::Evidence;
use crate::report::factor::large;
use crate::report::field::{Field, Member, fields, is_control};
use crate::report::figure::{Mark, mark};
use crate::report::headline::{Against, Told};
use crate::report::numbers::{NONE, change_cells, count, significant};
use crate::report::table::bracketed;
use crate::report::text::clean;
use crate::report::view::View;
use crate::stats::Unit;

/// All questions.
#[derive(Template)]
#[template(path = "overview.html")]
pub(super) struct Overview {
    pub(super) fields: Vec<Question>,
    reference: Option<String>,
    /// `3 processes`, where those are the evidence of the bounds but not of the margins beside them.
    processes: Option<String>,
    /// Whether some cell has no figure because the backend cannot do the layout.
    lacking: bool,
}

/// The layouts of one setting.
pub(super) struct Question {
    id: usize,
    name: String,
    baseline: &'static str,
    layouts: Vec<Head>,
    rows: Vec<Row>,
}

struct Head {
    layout: String,
    lookups: String,
    segments: Option<u64>,
}

struct Row {
    backend: String,
    mark: Mark,
    is_reference: bool,
    is_control: bool,
    cells: Vec<Cell>,
}

/// A backend on a layout.
struct Cell {
    /// What it is sorted by: nanoseconds; empty where there are none.
    key: String,
    cost: String,
    margin: Option<String>,
    change: Option<String>,
    verdict: String,
    heat: &'static str,
    /// Smallest of those that can be chosen.
    least: bool,
}

impl Overview {
    pub(super) fn of(view: &View<'_>) -> Self {
        let fields: Vec<Question> =
            fields(view).iter().enumerate().map(|(id, field)| question(view, id, field)).collect();
        let lacking = view.run.summary.iter().any(|row| !row.status.is_ok());
        let comparisons = view.run.comparison.iter();
        let of_processes = comparisons.filter(|row| unit_named(&row.unit) == Unit::Processes);
        let evidence = Evidence::of(of_processes);
        let processes = evidence.map(|found| format!("{} {}", found.count(), found.name()));
        Self { fields, reference: reference(view).map(clean), processes, lacking }
    }
}

fn question(view: &View<'_>, id: usize, field: &Field<'_, '_>) -> Question {
    let head = |member: &Member<'_, '_>| Head {
        layout: clean(member.group.layout),
        lookups: count(member.batch.lookups),
        segments: member.segments(),
    };
    let least: Vec<Option<&str>> = field.members.iter().map(|member| least(view, member)).collect();
    let compared = reference(view);
    let row = |backend: &&str| Row {
        backend: clean(backend),
        mark: mark(backend, &view.backends),
        is_reference: compared == Some(backend),
        is_control: is_control(backend),
        cells: field
            .members
            .iter()
            .zip(&least)
            .map(|(member, least)| cell(member, backend, compared, *least == Some(*backend)))
            .collect(),
    };
    Question {
        id,
        name: field.setting.to_string(),
        baseline: field.setting.baseline(),
        layouts: field.members.iter().map(head).collect(),
        rows: view.backends.iter().map(row).collect(),
    }
}

/// The backend with the smallest net mean of a layout, controls apart; none where there is no choice.
fn least<'r>(view: &View<'r>, member: &Member<'_, '_>) -> Option<&'r str> {
    let costs = view.backends.iter().copied().filter(|name| !is_control(name));
    let costs = costs.filter_map(|name| Some((name, member.net(name)?.ns)));
    let costs: Vec<(&str, f64)> = costs.collect();
    let least = costs.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    (costs.len() > 1).then_some(least.0)
}

fn cell(member: &Member<'_, '_>, backend: &str, reference: Option<&str>, least: bool) -> Cell {
    let nothing = |verdict: &str| Cell {
        key: String::new(),
        cost: NONE.to_owned(),
        margin: None,
        change: None,
        verdict: verdict.to_owned(),
        heat: "",
        least: false,
    };
    match member.batch.row(backend).map(|row| &row.status) {
        None => return nothing("not measured"),
        Some(Status::Ok) => {}
        Some(status) => return nothing(status.kind()),
    }
    let Some(net) = member.net(backend) else { return nothing("no figure") };
    let row = member.comparison(backend);
    let against = Against::of(member, backend);
    let change = row.filter(|row| row.net_change_pct.is_some()).map(|row| {
        let (change, low, high) = (row.net_change_pct, row.net_low_pct, row.net_high_pct);
        let factor =
            large(change, low, high).filter(|_| against.is_some_and(|a| a.told == Told::Apart));
        factor.unwrap_or_else(|| {
            let [change, low, high] = change_cells(change, low, high);
            bracketed([format!("{change} %"), low, high])
        })
    });
    let said = row.and_then(|row| row.verdict.as_deref()).filter(|verdict| !verdict.is_empty());
    let verdict = match (said, against.map(|against| against.told)) {
        _ if reference == Some(backend) => "reference".to_owned(),
        (None, _) if row.is_some() => "no verdict".to_owned(),
        (None, _) => String::new(),
        // The verdict is on the time with the baseline in it.
        (Some(verdict @ ("faster" | "slower")), Some(Told::Not) | None) => {
            format!("{} gross, net not told", clean(verdict))
        }
        (Some(verdict), _) => clean(verdict),
    };
    // Said once.
    let is_said = change.as_ref().is_some_and(|change| change.contains(&format!("x {verdict} ")));
    let verdict = if is_said { String::new() } else { verdict };
    Cell {
        key: format!("{:.6}", net.ns),
        cost: significant(net.ns, 3),
        margin: net.margin.map(|margin| significant(margin, 2)),
        change,
        verdict,
        // Controls are there to set a scale; nobody chooses them.
        heat: if is_control(backend) { "" } else { heat::class(against) },
        least,
    }
}
