//! The rows of the forest plot: one comparison each, and what the paper says of it.

use crate::record::ComparisonRow;
use crate::report::field::Field;
use crate::report::figure::change::marks::{Mark, paper_look};
use crate::report::figure::change::paper::{Published, of_paper};
use crate::report::figure::looks::look;
use crate::report::figure::style::Look;
use crate::report::numbers::finite;
use crate::report::view::{Group, View};

/// A comparison that has a figure.
pub(super) struct Row<'f, 'r> {
    pub group: &'f Group<'r>,
    pub comparison: &'r ComparisonRow,
    pub look: Look,
    /// Of the time as timed, in percent.
    pub change_pct: f64,
    /// What the paper found.
    pub paper: Option<Published>,
}

/// The rows of a field in the order of the page: its layouts, of each the backends.
pub(super) fn of_field<'f, 'r>(view: &View<'_>, field: &Field<'f, 'r>) -> Vec<Row<'f, 'r>> {
    let of_member = field.members.iter().flat_map(|member| {
        let comparisons = member.batch.comparisons.iter().copied();
        comparisons.map(|comparison| (member.group, comparison))
    });
    of_member
        .filter_map(|(group, comparison)| {
            Some(Row {
                group,
                comparison,
                look: look(&comparison.backend, &view.backends),
                change_pct: finite(comparison.gross_change_pct)?,
                paper: of_paper(view, group, comparison),
            })
        })
        .collect()
}

impl Row<'_, '_> {
    /// Ours, and the paper's behind it.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let (low, high) = (self.comparison.gross_low_pct, self.comparison.gross_high_pct);
        let mark = |look, value, bounds, published| Mark {
            column: 0,
            series: usize::from(published),
            look,
            value,
            bounds,
            published,
        };
        let own = mark(self.look, self.change_pct, finite(low).zip(finite(high)), false);
        let paper =
            self.paper.map(|paper| mark(paper_look(), paper.change_pct, paper.bounds, true));
        [Some(own), paper].into_iter().flatten().collect()
    }
}
