//! The field: all layouts that were measured under one setting, each at its largest number of
//! lookups.
//!
//! A layout and a number of lookups make a table; many backends on many layouts make a field, which
//! nobody reads from tables one behind the other. With `--lookups auto` the number differs from
//! layout to layout, so that it is no part of what layouts have to share. Figures of cost against
//! segments and memory, the matrices and the first sentence draw from this.

use super::asked::distance;
use super::numbers::finite;
use super::setting::Setting;
use super::view::{Batch, Group, View, mean};
use crate::record::{BASELINE, ComparisonRow, SummaryRow};

/// With more backends than this a run is read as a field.
const FEW: usize = 3;

/// Backends that are in a run to set a scale and not to be chosen: the answers worked out beforehand,
/// one entry a frame, one segment alone, what a plugin's calls cost.
const CONTROLS: [&str; 5] = ["oracle", "direct", "dense", "abi:null", "abi:array"];

/// The layouts of one setting.
pub(super) struct Field<'a, 'r> {
    pub setting: Setting<'r>,
    /// In the order of the [`View`].
    pub members: Vec<Member<'a, 'r>>,
}

/// A layout at its largest number of lookups.
pub(super) struct Member<'a, 'r> {
    pub group: &'a Group<'r>,
    pub batch: &'a Batch<'r>,
}

/// What a lookup costs without the baseline, in nanoseconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Net {
    pub ns: f64,
    /// Student's margin, 95 %.
    pub margin: Option<f64>,
}

impl Net {
    /// Whether it is above zero: with its whole interval where it has one.
    pub(super) fn is_clear(self) -> bool {
        self.ns - self.margin.unwrap_or(0.0) > 0.0
    }

    /// Whether it was shown to be above zero; without an interval nothing is shown.
    pub(super) fn is_shown(self) -> bool {
        self.margin.is_some() && self.is_clear()
    }
}

/// Whether a run has so many backends that its tables one behind the other would not be read.
pub(super) fn is_crowd(view: &View<'_>) -> bool {
    // What shows the cost of calls stands beside plugins without having been asked for.
    view.backends.iter().filter(|name| !name.starts_with("abi:null")).count() > FEW
}

/// The backend that a name is a variant of: `last-hit:direct@final` is `direct`.
pub(super) fn unvaried(backend: &str) -> &str {
    let rest = backend.strip_prefix("last-hit:").unwrap_or(backend);
    rest.split_once('@').map_or(rest, |(name, _)| name)
}

/// Whether a backend is a control, or a variant of one; see [`CONTROLS`].
pub(super) fn is_control(backend: &str) -> bool {
    CONTROLS.contains(&unvaried(backend))
}

/// The fields of a run, the main question first, then as they were asked for.
pub(super) fn fields<'a, 'r>(view: &'a View<'r>) -> Vec<Field<'a, 'r>> {
    let mut fields: Vec<Field<'_, '_>> = Vec::new();
    for group in &view.groups {
        let Some(batch) = group.largest().or(group.batches.last()) else { continue };
        let member = Member { group, batch };
        match fields.iter_mut().find(|field| field.setting == group.setting) {
            Some(field) => field.members.push(member),
            None => fields.push(Field { setting: group.setting, members: vec![member] }),
        }
    }
    fields.sort_by_key(|field| view.rank(field.setting));
    fields
}

/// The same by their [`distance`] from what is asked first. What is as far stays in the order in which it
/// was asked for.
pub(super) fn fields_by_distance<'a, 'r>(view: &'a View<'r>) -> Vec<Field<'a, 'r>> {
    let mut fields = fields(view);
    fields.sort_by_cached_key(|field| distance(view.run, field.setting));
    fields
}

impl Field<'_, '_> {
    /// Numbers of segments that its layouts have, each once, ascending.
    pub(super) fn sizes(&self) -> Vec<u64> {
        let mut sizes: Vec<u64> = self.members.iter().filter_map(Member::segments).collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }
}

impl<'r> Member<'_, 'r> {
    /// Segments of the layout. Records written before the number had a column have it by
    /// the bytes a segment.
    pub(super) fn segments(&self) -> Option<u64> {
        let rows = || self.batch.rows.iter().filter(|row| row.backend != BASELINE);
        let divided = |row: &&SummaryRow| {
            let segments = (row.bytes_total? as f64 / finite(row.bytes_per_segment)?).round();
            // A count, checked to be one.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            (1.0..1e15).contains(&segments).then_some(segments as u64)
        };
        let counted = rows().find_map(|row| row.segments);
        counted.or_else(|| rows().find_map(divided)).filter(|segments| *segments > 0)
    }

    /// The row of a backend that was measured here.
    pub(super) fn measured(&self, backend: &str) -> Option<&'r SummaryRow> {
        self.batch.row(backend).filter(|row| mean(row).is_some())
    }

    /// What a lookup costs a backend here, net.
    pub(super) fn net(&self, backend: &str) -> Option<Net> {
        let row = self.measured(backend).filter(|row| row.backend != BASELINE)?;
        let margin = finite(row.net_margin95_s).map(|seconds| self.batch.ns(seconds));
        Some(Net { ns: finite(row.net_ns_per_lookup)?, margin: finite(margin) })
    }

    /// The comparison of a backend with the reference here.
    pub(super) fn comparison(&self, backend: &str) -> Option<&'r ComparisonRow> {
        self.batch.comparisons.iter().copied().find(|row| row.backend == backend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_of_a_control_is_a_control() {
        for name in ["direct", "direct@final", "last-hit:direct", "last-hit:dense@replay", "oracle"]
        {
            assert!(is_control(name), "{name}");
        }
        for name in
            ["section", "s-tree:avx2", "last-hit:s-tree:avx2@final", "directory", "my-direct"]
        {
            assert!(!is_control(name), "{name}");
        }
        assert_eq!(unvaried("last-hit:s-tree:avx2@final"), "s-tree:avx2");
    }

    #[test]
    fn nothing_is_shown_without_an_interval() {
        let net = |ns, margin| Net { ns, margin };
        assert!(net(3.0, Some(1.0)).is_shown());
        for open in [net(3.0, None), net(3.0, Some(4.0)), net(-3.0, Some(1.0))] {
            assert!(!open.is_shown(), "{open:?}");
        }
    }
}
