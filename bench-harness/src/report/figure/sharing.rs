//! Which layouts can stand in one figure: those measured alike, with one number of lookups.
//!
//! Used by the [figure of layouts](super::layouts) only.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::setting::Setting;
use super::super::view::{Batch, Group, View};

/// A layout and its batch with the shared number of lookups.
pub(super) type Member<'a, 'r> = (&'a Group<'r>, &'a Batch<'r>);

/// Layouts that share a setting and a number of lookups.
pub(super) struct Shared<'a, 'r> {
    pub setting: Setting<'r>,
    pub lookups: u64,
    pub members: Vec<Member<'a, 'r>>,
}

/// The sets of two layouts or more, the largest first; of equal ones what was asked first.
pub(super) fn shared_layouts<'a, 'r>(view: &'a View<'r>) -> Vec<Shared<'a, 'r>> {
    let mut settings: BTreeMap<Setting<'_>, Vec<&Group<'_>>> = BTreeMap::new();
    for group in &view.groups {
        settings.entry(group.setting).or_default().push(group);
    }
    let mut chosen: Vec<Shared<'_, '_>> = settings
        .into_iter()
        .filter_map(|(setting, groups)| {
            let (lookups, members) = most_shared(&groups)?;
            Some(Shared { setting, lookups, members })
        })
        .collect();
    chosen.sort_by_key(|shared| (Reverse(shared.members.len()), view.rank(shared.setting)));
    chosen
}

/// The number of lookups that most layouts were measured with, the largest of equals; none when no
/// two share one.
fn most_shared<'a, 'r>(groups: &[&'a Group<'r>]) -> Option<(u64, Vec<Member<'a, 'r>>)> {
    let counts: BTreeSet<u64> =
        groups.iter().flat_map(|group| group.batches.iter().map(|batch| batch.lookups)).collect();
    let members = |lookups: u64| {
        let find = |group: &&'a Group<'r>| {
            let batch = group.batches.iter().find(|b| b.lookups == lookups && b.measured())?;
            Some((*group, batch))
        };
        groups.iter().filter_map(find).collect::<Vec<_>>()
    };
    counts
        .into_iter()
        .map(|lookups| (lookups, members(lookups)))
        .max_by_key(|(lookups, members)| (members.len(), *lookups))
        .filter(|(_, members)| members.len() >= 2)
}
