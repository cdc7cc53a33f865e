//! Which of many backends is the fastest where, and how many times as fast as the reference.
//!
//! The setting nearest to the question of the project leads. Another setting has a sentence of its own
//! where another backend wins somewhere, and a clause where none does. Those that noise does not let
//! tell apart win together.

use super::lead::Lead;
use super::likewise::likewise;
use super::told::{Against, Told};
use super::{FEW_LAYOUTS, bypass};
use crate::report::asked::why_hits;
use crate::report::conditions::reference;
use crate::report::field::{Field, Net, fields_by_distance, is_control};
use crate::report::numbers::significant;
use crate::report::text::clean;
use crate::report::view::View;

/// How many settings in which others win get a sentence.
const MOST_SENTENCES: usize = 3;
/// How many of those that are not told apart are named.
const MOST_NAMES: usize = 4;

/// One end of a range.
pub(super) type End<'w, 'r> = (&'w Lead<'r>, Against);

/// A setting, and what leads on its layouts.
pub(super) type Won<'f, 'a, 'r> = (&'f Field<'a, 'r>, Vec<Lead<'r>>);

pub(super) fn sentences(view: &View<'_>) -> Vec<String> {
    let Some(reference) = reference(view) else { return Vec::new() };
    let reference = clean(reference);
    let fields = fields_by_distance(view);
    let won: Vec<Won<'_, '_, '_>> = fields
        .iter()
        .map(|field| {
            (field, field.members.iter().filter_map(|member| Lead::on(view, member)).collect())
        })
        .filter(|(_, wins): &Won<'_, '_, '_>| !wins.is_empty())
        .collect();
    let Some(((lead, first), others)) = won.split_first() else { return Vec::new() };
    let net = format!("net of {}", lead.setting.baseline());
    let mut lines =
        vec![format!("{} ({net}; {}{}).", in_full(first, &reference), lead.setting, apart(view))];
    lines.extend(why_hits(view.run, lead.setting));
    // Where the same wins everywhere, a setting in which nothing else is shown to says nothing new.
    let winners = common(first);
    let leads = |win: &Lead<'_>| winners.iter().all(|name| win.named(name).is_some());
    let (alike, other): (Vec<_>, Vec<_>) =
        others.iter().partition(|(_, wins)| !winners.is_empty() && wins.iter().all(leads));
    for (field, wins) in other.iter().take(MOST_SENTENCES) {
        lines.push(format!("{} ({}).", in_full(wins, &reference), field.setting.short()));
    }
    if !alike.is_empty() {
        lines.push(likewise(&winners, &alike, &reference));
    }
    lines.extend(bypass::sentence(view, &lines));
    let more = other.len().saturating_sub(MOST_SENTENCES);
    if more > 0 {
        lines.push(format!("In {more} more settings others win: the tables \"Times as fast\"."));
    } else if !others.is_empty() || first.len() > FEW_LAYOUTS {
        lines.push("Every backend, layout and setting: the tables \"Times as fast\".".to_owned());
    }
    lines
}

/// Those that lead on every layout, alone or with others.
fn common<'r>(wins: &[Lead<'r>]) -> Vec<&'r str> {
    let Some((first, rest)) = wins.split_first() else { return Vec::new() };
    let everywhere = |name: &&str| rest.iter().all(|win| win.named(name).is_some());
    first.names().into_iter().filter(everywhere).collect()
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

/// `section`, `section and s-tree`, `a, b, c, d and 3 more`.
pub(super) fn listed(names: &[&str]) -> String {
    let mut words: Vec<String> = names.iter().take(MOST_NAMES).map(|name| clean(name)).collect();
    if names.len() > MOST_NAMES {
        words.push(format!("{} more", names.len() - MOST_NAMES));
    }
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// Each winner, or those that win together, with the layouts on which they do.
fn in_full(wins: &[Lead<'_>], reference: &str) -> String {
    // Who wins, whether that was judged, and what is known of it against the reference.
    type Kind<'w> = (Vec<&'w str>, bool, Option<Told>);
    let mut winners: Vec<(Kind<'_>, Vec<&Lead<'_>>)> = Vec::new();
    for win in wins {
        let kind = (win.names(), win.judged, win.cheapest().against.map(|against| against.told));
        match winners.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, layouts)) => layouts.push(win),
            None => winners.push((kind, vec![win])),
        }
    }
    let clause = |((names, judged, _), wins): (Kind<'_>, Vec<&Lead<'_>>)| {
        let mut words: Vec<String> = wins
            .iter()
            .take(if wins.len() > FEW_LAYOUTS { 1 } else { FEW_LAYOUTS })
            .enumerate()
            .map(|(index, win)| on_layout(win, index == 0, reference))
            .collect();
        if wins.len() > FEW_LAYOUTS {
            words.push(on_all(&wins));
        }
        let alone = wins.iter().all(|win| win.alone);
        format!("{} {}", who(&names, judged, alone), words.join(", "))
    };
    winners.into_iter().map(clause).collect::<Vec<_>>().join("; ")
}

/// Who wins, up to the verb or the colon.
fn who(names: &[&str], judged: bool, alone: bool) -> String {
    let all = listed(names);
    let mean = if names.len() == 2 { "smaller" } else { "smallest" };
    match (judged, names.len()) {
        (false, _) => {
            format!("{all} took the least time, which no interval tells from the others':")
        }
        (true, 1) if alone => format!("{all}, the only contender, is"),
        (true, 1) => format!("{all} is"),
        _ => format!("{all}, not told apart, are the fastest; the {mean} mean:"),
    }
}

/// `19.8x faster than array on paper-32x8 [19.5, 20.2]`, or what it costs; of several that win together with
/// the name of the one with the smallest mean.
fn on_layout(win: &Lead<'_>, first: bool, reference: &str) -> String {
    let (layout, cheapest) = (&win.layout, win.cheapest());
    let words = match cheapest.against {
        Some(against) => against.on(layout, Some(reference).filter(|_| first)),
        None if win.alone => format!("at {} on {layout}", cost(cheapest.net)),
        None => {
            let first = match (first, win.judged && win.names().len() == 1) {
                (true, true) => "the fastest on ",
                (true, false) => "on ",
                (false, _) => "",
            };
            format!("{first}{layout} ({})", cost(cheapest.net))
        }
    };
    if win.judged && win.names().len() > 1 {
        format!("{}, {words}", clean(cheapest.name))
    } else {
        words
    }
}

/// `3.52 ± 0.03 ns`.
fn cost(net: Net) -> String {
    let margin = net.margin.map_or_else(String::new, |m| format!(" ± {}", significant(m, 2)));
    format!("{}{margin} ns", significant(net.ns, 3))
}

/// The least and the most of many layouts.
fn on_all(wins: &[&Lead<'_>]) -> String {
    let all = wins.len();
    if let Some((least, most)) = range(wins.iter().map(|win| (*win, win.cheapest().against))) {
        return format!("over {all} layouts {} to {}", times(least), times(most));
    }
    let mut costs: Vec<&&Lead<'_>> = wins.iter().collect();
    costs.sort_by(|a, b| a.cheapest().net.ns.total_cmp(&b.cheapest().net.ns));
    match costs.as_slice() {
        [least, .., most] => format!(
            "on {all} layouts, {} ({}) to {} ({})",
            cost(least.cheapest().net),
            least.layout,
            cost(most.cheapest().net),
            most.layout
        ),
        _ => format!("on {all} layouts"),
    }
}

/// `17.6x [17.0, 18.3] (frag-16gb)`.
pub(super) fn times((win, against): End<'_, '_>) -> String {
    format!("{} ({})", against.bare(), win.layout)
}

/// The wins with the smallest and the largest factor; none where one has no factor.
pub(super) fn range<'w, 'r: 'w>(
    wins: impl Iterator<Item = (&'w Lead<'r>, Option<Against>)>,
) -> Option<(End<'w, 'r>, End<'w, 'r>)> {
    let mut all: Vec<End<'w, 'r>> =
        wins.map(|(win, against)| Some((win, against?))).collect::<Option<_>>()?;
    all.sort_by(|(_, a), (_, b)| a.factor.value.total_cmp(&b.factor.value));
    Some((*all.first()?, *all.last()?))
}
