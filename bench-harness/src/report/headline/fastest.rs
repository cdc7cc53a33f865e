//! Which of many backends is the fastest where, and how many times as fast as the reference.
//!
//! The setting nearest to the question of the project leads. Another setting has a sentence of its own
//! where another backend wins somewhere, and a clause where none does.

use super::FEW_LAYOUTS;
use crate::report::conditions::reference;
use crate::report::factor::{Factor, speed};
use crate::report::field::{Field, Member, Net, fields_by_distance, is_control};
use crate::report::numbers::significant;
use crate::report::text::clean;
use crate::report::view::View;

/// How many settings in which others win get a sentence.
const MOST_SENTENCES: usize = 3;
/// How many settings in which the same wins get a clause; of more, the range over all of them.
const MOST_CLAUSES: usize = 3;

/// The fastest backend on a layout.
struct Win<'r> {
    name: &'r str,
    layout: String,
    net: Net,
    /// How many times as fast as the reference; none for the reference itself.
    factor: Option<Factor>,
}

/// One end of a range.
type End<'w, 'r> = (&'w Win<'r>, Factor);

/// A setting, and what is the fastest on its layouts.
type Won<'f, 'a, 'r> = (&'f Field<'a, 'r>, Vec<Win<'r>>);

pub(super) fn sentences(view: &View<'_>) -> Vec<String> {
    let Some(reference) = reference(view) else { return Vec::new() };
    let reference = clean(reference);
    let fields = fields_by_distance(view);
    let won: Vec<Won<'_, '_, '_>> = fields
        .iter()
        .map(|field| (field, wins(view, field)))
        .filter(|(_, wins)| !wins.is_empty())
        .collect();
    let Some(((lead, first), others)) = won.split_first() else { return Vec::new() };
    let net = format!("net of {}", lead.setting.baseline());
    let mut lines =
        vec![format!("{} ({net}; {}{}).", in_full(first, &reference), lead.setting, apart(view))];
    // Where one backend wins everywhere, a setting in which it does so too says nothing new.
    let winner = only(first);
    let (alike, other): (Vec<_>, Vec<_>) =
        others.iter().partition(|(_, wins)| winner.is_some() && only(wins) == winner);
    for (field, wins) in other.iter().take(MOST_SENTENCES) {
        lines.push(format!("{} ({}).", in_full(wins, &reference), field.setting.short()));
    }
    if let (Some(winner), false) = (winner, alike.is_empty()) {
        lines.push(likewise(winner, &alike, &reference));
    }
    let more = other.len().saturating_sub(MOST_SENTENCES);
    if more > 0 {
        lines.push(format!("In {more} more settings others win: the tables \"Times as fast\"."));
    } else if !others.is_empty() || first.len() > FEW_LAYOUTS {
        lines.push("Every backend, layout and setting: the tables \"Times as fast\".".to_owned());
    }
    lines
}

/// The fastest of every layout that has one.
fn wins<'r>(view: &View<'r>, field: &Field<'_, 'r>) -> Vec<Win<'r>> {
    let win = |member: &Member<'_, 'r>| {
        let (name, net) = member.fastest(&view.backends)?;
        let factor = member
            .comparison(name)
            .and_then(|row| speed(row.net_change_pct, row.net_low_pct, row.net_high_pct));
        Some(Win { name, layout: clean(member.group.layout), net, factor })
    };
    field.members.iter().filter_map(win).collect()
}

/// The winner where there is but one.
fn only<'r>(wins: &[Win<'r>]) -> Option<&'r str> {
    let name = wins.first()?.name;
    wins.iter().all(|win| win.name == name).then_some(name)
}

/// Controls are named, because a reader finds them ahead of the winner in the tables.
fn apart(view: &View<'_>) -> String {
    let controls: Vec<String> =
        view.backends.iter().filter(|name| is_control(name)).map(|name| clean(name)).collect();
    if controls.is_empty() {
        String::new()
    } else {
        format!("; controls left out: {}", controls.join(", "))
    }
}

/// Each winner with the layouts on which it wins.
fn in_full(wins: &[Win<'_>], reference: &str) -> String {
    let mut winners: Vec<(&str, Vec<&Win<'_>>)> = Vec::new();
    for win in wins {
        match winners.iter_mut().find(|(name, _)| *name == win.name) {
            Some((_, layouts)) => layouts.push(win),
            None => winners.push((win.name, vec![win])),
        }
    }
    let clause = |(name, wins): (&str, Vec<&Win<'_>>)| {
        let mut words: Vec<String> = wins
            .iter()
            .take(if wins.len() > FEW_LAYOUTS { 1 } else { FEW_LAYOUTS })
            .enumerate()
            .map(|(index, win)| on_layout(win, index == 0, reference))
            .collect();
        if wins.len() > FEW_LAYOUTS {
            words.push(on_all(&wins));
        }
        format!("{} is {}", clean(name), words.join(", "))
    };
    winners.into_iter().map(clause).collect::<Vec<_>>().join("; ")
}

/// `19.8x faster than array on paper-32x8 [19.5, 20.2]`.
fn on_layout(win: &Win<'_>, first: bool, reference: &str) -> String {
    let layout = &win.layout;
    match win.factor.map(Factor::in_words) {
        Some((words, bracket)) if first => {
            format!("{words} than {reference} on {layout} {bracket}")
        }
        Some((words, bracket)) => format!("{words} on {layout} {bracket}"),
        None => {
            let first = if first { "the fastest on " } else { "" };
            format!("{first}{layout} ({})", cost(win.net))
        }
    }
}

/// `3.52 ± 0.03 ns`.
fn cost(net: Net) -> String {
    let margin = net.margin.map_or_else(String::new, |m| format!(" ± {}", significant(m, 2)));
    format!("{}{margin} ns", significant(net.ns, 3))
}

/// The least and the most of many layouts.
fn on_all(wins: &[&Win<'_>]) -> String {
    let all = wins.len();
    if let Some((least, most)) = range(wins.iter().copied()) {
        return format!("over {all} layouts {} to {}", times(least), times(most));
    }
    let mut costs: Vec<&&Win<'_>> = wins.iter().collect();
    costs.sort_by(|a, b| a.net.ns.total_cmp(&b.net.ns));
    match costs.as_slice() {
        [least, .., most] => format!(
            "on {all} layouts, {} ({}) to {} ({})",
            cost(least.net),
            least.layout,
            cost(most.net),
            most.layout
        ),
        _ => format!("on {all} layouts"),
    }
}

/// `17.6x [17.0, 18.3] (frag-16gb)`.
fn times((win, factor): End<'_, '_>) -> String {
    format!("{} ({})", bare(factor), win.layout)
}

/// `17.6x [17.0, 18.3]`.
fn bare(factor: Factor) -> String {
    format!("{}x {}", factor.number(), factor.bracket())
}

/// The wins with the smallest and the largest factor; none where one has no factor.
fn range<'w, 'r: 'w>(
    wins: impl Iterator<Item = &'w Win<'r>>,
) -> Option<(End<'w, 'r>, End<'w, 'r>)> {
    let mut all: Vec<End<'w, 'r>> =
        wins.map(|win| Some((win, win.factor?))).collect::<Option<_>>()?;
    all.sort_by(|(_, a), (_, b)| a.value.total_cmp(&b.value));
    Some((*all.first()?, *all.last()?))
}

/// Settings in which the same backend is the fastest on every layout.
fn likewise(winner: &str, alike: &[&Won<'_, '_, '_>], reference: &str) -> String {
    let winner = clean(winner);
    let too = match alike.len() {
        1 => "likewise the fastest".to_owned(),
        n => format!("likewise the fastest under {n} more settings"),
    };
    if alike.len() > MOST_CLAUSES {
        let ends = over_settings(alike);
        let ends = ends.map_or_else(String::new, |ends| format!(", {ends} {reference}'s speed"));
        return format!("{winner} is {too}{ends}.");
    }
    let clause = |(field, wins): &&Won<'_, '_, '_>| {
        let setting = field.setting.short();
        match range(wins.iter()) {
            Some((one, _)) if wins.len() == 1 => format!("{setting}: {}", times(one)),
            Some(((_, least), (_, most))) => {
                format!("{setting}: {} to {}", bare(least), bare(most))
            }
            None => setting,
        }
    };
    let clauses: Vec<String> = alike.iter().map(clause).collect();
    format!("{winner} is {too}, in times {reference}'s speed: {}.", clauses.join("; "))
}

/// The least and the most of several settings, with where they were found.
fn over_settings(alike: &[&Won<'_, '_, '_>]) -> Option<String> {
    let ends = |(field, wins): &&Won<'_, '_, '_>| {
        let (least, most) = range(wins.iter())?;
        let words = |(win, factor): End<'_, '_>| {
            let setting = field.setting.short();
            (factor.value, format!("{} ({setting} on {})", bare(factor), win.layout))
        };
        Some([words(least), words(most)])
    };
    let mut all: Vec<(f64, String)> =
        alike.iter().map(ends).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    all.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    Some(format!("{} to {}", all.first()?.1, all.last()?.1))
}
