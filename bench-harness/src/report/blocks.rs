//! Bars and lines made of Unicode's block elements, for terminals: how rounds went, and how backends compare at a
//! glance. Figures beside them say the same, so that nothing is lost where they cannot be seen.

use super::field::{Field, fields, is_crowd};
use super::numbers::{NONE, fixed, significant};
use super::table::{Table, heads};
use super::text::clean;
use super::view::{Group, View};

/// Eighths of a character's height.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Eighths of a character's width.
const WIDTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
/// Most characters for the rounds of a backend; of more rounds each stands for several.
const ROUNDS: usize = 24;
/// Fewest rounds that are worth a line.
const FEWEST: usize = 6;
/// Lines that rise by less look flat: noise of a calm machine.
const LEAST_RISE: f64 = 0.05;
/// Longest bar.
const BAR: f64 = 44.0;

/// How the rounds of the largest batch of a group went, in order, all on one scale.
pub(super) fn rounds(group: &Group<'_>) -> Option<String> {
    let batch = group.largest()?;
    let of = |name: &str| -> Option<Vec<f64>> {
        let samples = batch.samples(name);
        let least = samples.iter().copied().fold(f64::INFINITY, f64::min);
        (samples.len() >= FEWEST && least > 0.0)
            .then(|| means(samples, ROUNDS).into_iter().map(|mean| mean / least - 1.0).collect())
    };
    let lines: Vec<(&str, Vec<f64>)> = batch
        .rows
        .iter()
        .filter(|row| row.status.is_ok())
        .filter_map(|row| Some((row.backend.as_str(), of(&row.backend)?)))
        .collect();
    let highest = lines.iter().flat_map(|(_, rises)| rises).copied().fold(LEAST_RISE, f64::max);
    let line = |(name, rises): &(&str, Vec<f64>)| {
        let blocks: String = rises.iter().map(|rise| height(rise / highest)).collect();
        format!("{} {blocks}", clean(name))
    };
    (!lines.is_empty()).then(|| {
        format!(
            "Rounds in order, from each one's fastest to +{} %: {}.",
            fixed(100.0 * highest, 0),
            lines.iter().map(line).collect::<Vec<_>>().join(", ")
        )
    })
}

/// Means of as many stretches of equal length as there is room for, in order.
fn means(values: &[f64], room: usize) -> Vec<f64> {
    let parts = values.len().min(room);
    (0..parts)
        .map(|part| {
            let stretch = &values[part * values.len() / parts..(part + 1) * values.len() / parts];
            stretch.iter().sum::<f64>() / stretch.len().max(1) as f64
        })
        .collect()
}

/// The block of a height from 0 to 1.
fn height(share: f64) -> char {
    HEIGHTS[eighths(share, 1.0).saturating_sub(1).min(7)]
}

/// A bar of `share` of the longest, to an eighth of a character; never nothing at all.
fn bar(share: f64) -> String {
    let eighths = eighths(share, BAR).max(1);
    let mut bar = WIDTHS[7].to_string().repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(WIDTHS[eighths % 8 - 1]);
    }
    bar
}

fn eighths(share: f64, whole: f64) -> usize {
    // Within 0 and 8 x 44, so the conversion is exact.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let eighths = (share.clamp(0.0, 1.0) * 8.0 * whole).round() as usize;
    eighths
}

/// Of many backends what a lookup costs in the main setting, on its layout with most segments, as bars on a
/// logarithmic scale.
pub(super) fn bars(view: &View<'_>) -> Option<Table> {
    let fields = fields(view);
    let field: &Field<'_, '_> = fields.first().filter(|_| is_crowd(view))?;
    let member = field.members.iter().max_by_key(|member| member.segments())?;
    let costs: Vec<(&str, f64)> = view
        .backends
        .iter()
        .filter_map(|name| Some((*name, member.net(name).filter(|net| net.is_shown())?.ns)))
        .collect();
    let least = costs.iter().map(|(_, ns)| *ns).fold(f64::INFINITY, f64::min);
    let most = costs.iter().map(|(_, ns)| *ns).fold(0.0, f64::max);
    if costs.len() < 2 || !(least > 0.0 && most > least) {
        return None;
    }
    // The shortest bar is a twentieth of the longest, so that it can be seen.
    let doublings = (most / least).log2() * 20.0 / 19.0;
    let share = |ns: f64| 1.0 - (most / ns).log2() / doublings;
    let row = |name: &&str| {
        let cost = costs.iter().find(|(known, _)| known == name).map(|(_, ns)| *ns);
        let figure = cost.map_or_else(|| NONE.to_owned(), |ns| significant(ns, 3));
        vec![clean(name), cost.map_or_else(String::new, |ns| bar(share(ns))), figure]
    };
    Some(Table {
        title: format!(
            "Net ns a lookup at a glance, {} ({})",
            clean(member.group.layout),
            field.setting
        ),
        heads: heads(&["backend", "a logarithmic scale", "ns"]),
        names: 2,
        rows: view.backends.iter().map(row).collect(),
        notes: vec![format!(
            "A bar longer by {} of the longest takes twice as long; – is not shown to be above 0, or could not be \
             measured.",
            fixed(1.0 / doublings, 2)
        )],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::synthetic::{Cost, Maker, crowd};

    #[test]
    fn bars_and_heights_keep_to_their_room() {
        assert_eq!([0.0, 0.5, 1.0, 7.0, f64::NAN].map(height), ['▁', '▄', '█', '█', '▁']);
        assert_eq!(bar(1.0).chars().count(), 44);
        assert_eq!((bar(0.0).as_str(), bar(1.5 / 44.0).as_str()), ("▏", "█▌"));
    }

    #[test]
    fn many_rounds_are_drawn_together_in_their_order() {
        let rising: Vec<f64> = (0..100).map(f64::from).collect();
        let drawn = means(&rising, ROUNDS);
        assert_eq!(drawn.len(), ROUNDS);
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((drawn[0] - 1.5).abs() < 1.0 && (drawn[23] - 97.5).abs() < 1.0, "{drawn:?}");
        assert_eq!(means(&[1.0, 2.0], ROUNDS), [1.0, 2.0]);
    }

    #[test]
    fn rounds_are_drawn_for_whoever_has_enough_of_them() {
        let of = |rounds| {
            let mut maker = Maker::new();
            let costs = [Cost("array", 9.0, 0.05), Cost("rbtree", 14.0, 0.05)];
            maker.batch("frag-1mb", 1_000, rounds, 1.0, &costs);
            let run = maker.run;
            super::rounds(&View::new(&run).groups[0])
        };
        let line = of(8).expect("enough");
        let blocks = line.chars().filter(|c| HEIGHTS.contains(c)).count();
        assert_eq!(blocks, 3 * 8, "array, tree and baseline: {line}");
        assert_eq!(of(5), None);
    }

    #[test]
    fn the_dearest_backend_has_the_longest_bar() {
        let run = crowd(&[["uniform", "trace", "page"]], 8);
        let table = bars(&View::new(&run)).expect("many backends");
        let longest = table.rows.iter().max_by_key(|row| row[1].chars().count()).expect("rows");
        let ns = |row: &Vec<String>| row[2].parse().unwrap_or(0.0_f64);
        let dearest = table.rows.iter().max_by(|a, b| ns(a).total_cmp(&ns(b))).expect("rows");
        assert_eq!(longest[0], dearest[0]);
        assert!(table.rows.iter().all(|row| row[1].is_empty() == (row[2] == NONE)));
    }
}
