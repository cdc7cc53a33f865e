//! Settings in which the same backends lead as in the first: a clause for each, or, of many, one range.
//!
//! What is not told from the reference is in no range; where that is so is said behind it.

use super::FEW_LAYOUTS;
use super::fastest::{End, Won, listed, range, times};
use super::lead::Lead;
use super::told::{Against, Told};

/// How many settings in which the same wins get a clause; of more, the range over all of them.
const MOST_CLAUSES: usize = 3;

/// Settings in which the same are the fastest on every layout, or not told from those that are.
pub(super) fn likewise(winners: &[&str], alike: &[&Won<'_, '_, '_>], reference: &str) -> String {
    let verb = if winners.len() == 1 { "is" } else { "are" };
    let tied = alike.iter().flat_map(|(_, wins)| wins).any(|win| win.names().len() > 1);
    let tied = if tied { " or not told from the fastest" } else { "" };
    let too = match alike.len() {
        1 => format!("likewise the fastest{tied}"),
        n => format!("likewise the fastest{tied} under {n} more settings"),
    };
    let who = format!("{} {verb} {too}", listed(winners));
    if alike.len() > MOST_CLAUSES {
        let ends = over_settings(winners, alike);
        let ends = ends.map_or_else(String::new, |ends| format!(", {ends} {reference}'s speed"));
        let all: usize = alike.iter().map(|(_, wins)| wins.len()).sum();
        let open: usize = alike.iter().map(|(_, wins)| untold(winners, wins).len()).sum();
        let open = match open {
            0 => String::new(),
            n => format!("; in {n} of these {all} cases not told from {reference}"),
        };
        return format!("{who}{ends}{open}.");
    }
    let clause = |(field, wins): &&Won<'_, '_, '_>| {
        let setting = field.setting.short();
        let open = match untold(winners, wins).as_slice() {
            [] => None,
            few if few.len() <= FEW_LAYOUTS => {
                Some(format!("not told from {reference} on {}", few.join(", ")))
            }
            many => Some(format!("not told from {reference} on {} layouts", many.len())),
        };
        let ends = of_first(winners, wins).map(|ends| match ends {
            (one, _) if wins.len() == 1 => times(one),
            ((_, least), (_, most)) if least == most => least.bare(),
            ((_, least), (_, most)) => format!("{} to {}", least.bare(), most.bare()),
        });
        let words: Vec<String> = ends.into_iter().chain(open).collect();
        if words.is_empty() { setting } else { format!("{setting}: {}", words.join(", ")) }
    };
    let clauses: Vec<String> = alike.iter().map(clause).collect();
    format!("{who}, in times {reference}'s speed: {}.", clauses.join("; "))
}

/// How the first winner does against the reference, whoever had the smallest mean.
fn first_of(winners: &[&str], win: &Lead<'_>) -> Option<Against> {
    win.named(winners.first()?)?.against
}

/// Where the first winner is not told from the reference, and what was seen there.
fn untold(winners: &[&str], wins: &[Lead<'_>]) -> Vec<String> {
    let open = |win: &Lead<'_>| {
        let against = first_of(winners, win).filter(|against| against.told == Told::Not)?;
        Some(against.on(&win.layout, None))
    };
    wins.iter().filter_map(open).collect()
}

/// The range of the first winner's factors, where they are told.
fn of_first<'w, 'r>(winners: &[&str], wins: &'w [Lead<'r>]) -> Option<(End<'w, 'r>, End<'w, 'r>)> {
    let factors = wins.iter().map(|win| (win, first_of(winners, win)));
    range(factors.filter(|(_, against)| against.is_none_or(|against| against.told != Told::Not)))
}

/// The least and the most of several settings, with where they were found.
fn over_settings(winners: &[&str], alike: &[&Won<'_, '_, '_>]) -> Option<String> {
    let ends = |(field, wins): &&Won<'_, '_, '_>| {
        let (least, most) = of_first(winners, wins)?;
        let words = |(win, against): End<'_, '_>| {
            let setting = field.setting.short();
            (against.factor.value, format!("{} ({setting} on {})", against.bare(), win.layout))
        };
        Some([words(least), words(most)])
    };
    let mut all: Vec<(f64, String)> = alike.iter().filter_map(ends).flatten().collect();
    all.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    Some(format!("{} to {}", all.first()?.1, all.last()?.1))
}
