//! Who leads on a layout: the cheapest, and all that it is not told from.
//!
//! Of many means one is the smallest, even where all cost the same: that alone is no result. So the
//! cheapest (or who is shown to be faster than that) is held against each of the others in the rounds that they share, as backends are against
//! the reference (typical gross change, Holm's correction over those who contend on the layout), and
//! whoever is not shown to be slower leads too.

use super::told::{Against, Told};
use crate::record::{balanced_after, unit_named};
use crate::report::conditions::reference;
use crate::report::field::{Member, Net, is_control};
use crate::report::text::clean;
use crate::report::view::View;
use crate::stats::{Change, EQUIVALENCE_FRACTION, Rounds, Unit, Verdict, compare_rounds, judge};

/// One of those that lead on a layout.
pub(super) struct Leader<'r> {
    pub name: &'r str,
    pub net: Net,
    /// How it does against the reference; none for the reference itself.
    pub against: Option<Against>,
}

/// Who leads on a layout.
pub(super) struct Lead<'r> {
    pub layout: String,
    /// Never empty; not told apart where there are several; in the order of the run.
    leaders: Vec<Leader<'r>>,
    /// Which of them has the smallest mean.
    cheapest: usize,
    /// Whether there was anything to tell others apart by: one round has no interval.
    pub judged: bool,
    /// Whether nobody else contends.
    pub alone: bool,
}

impl<'r> Lead<'r> {
    /// Who leads on a layout, controls left out. `None` where nothing else was measured.
    pub(super) fn on(view: &View<'r>, member: &Member<'_, 'r>) -> Option<Self> {
        let names = view.backends.iter().filter(|name| !is_control(name));
        let contenders: Vec<(&'r str, Net)> =
            names.filter_map(|name| Some((*name, member.net(name)?))).collect();
        let (cheapest, _) = contenders.iter().min_by(|(_, a), (_, b)| a.ns.total_cmp(&b.ns))?;
        let unit = unit(view, member);
        // Only who is slower or faster is asked, and that does not depend on what counts as equivalent.
        let against = |best: &str| {
            let change = |(name, _): &(&str, Net)| {
                if *name == best { None } else { change(member, name, best, unit) }
            };
            judge(&contenders.iter().map(change).collect::<Vec<_>>(), EQUIVALENCE_FRACTION)
        };
        let (mut best, mut verdicts) = (cheapest, against(cheapest));
        // A mean may be the smallest because of a single batch that spoilt another's.
        for _ in 1..contenders.len() {
            let is_faster =
                |verdict: &Option<(f64, Verdict)>| matches!(verdict, Some((_, Verdict::Faster)));
            let Some(faster) = verdicts.iter().position(is_faster) else { break };
            best = &contenders[faster].0;
            verdicts = against(best);
        }
        let judged = contenders.len() == 1 || verdicts.iter().any(Option::is_some);
        let leads = |((name, _), verdict): &(&(&str, Net), &Option<(f64, Verdict)>)| {
            name == best || judged && !matches!(verdict, Some((_, Verdict::Slower)))
        };
        let leader = |(&(name, net), _): (&(&'r str, Net), _)| Leader {
            name,
            net,
            against: Against::of(member, name),
        };
        let mut leaders: Vec<Leader<'r>> =
            contenders.iter().zip(&verdicts).filter(leads).map(leader).collect();
        // Who leads together with the reference is not told from it, whatever it is by itself.
        let reference = reference(view);
        if leaders.iter().any(|leader| Some(leader.name) == reference) {
            let against = leaders.iter_mut().filter_map(|leader| leader.against.as_mut());
            for against in against.filter(|against| against.told == Told::Apart) {
                against.told = Told::Not;
            }
        }
        let by_mean = |(_, a): &(usize, &Leader<'_>), (_, b): &(usize, &Leader<'_>)| {
            a.net.ns.total_cmp(&b.net.ns)
        };
        let (cheapest, _) = leaders.iter().enumerate().min_by(by_mean)?;
        let alone = contenders.len() == 1;
        Some(Self { layout: clean(member.group.layout), leaders, cheapest, judged, alone })
    }

    /// The one with the smallest mean.
    pub(super) fn cheapest(&self) -> &Leader<'r> {
        &self.leaders[self.cheapest]
    }

    /// The names of all that lead.
    pub(super) fn names(&self) -> Vec<&'r str> {
        self.leaders.iter().map(|leader| leader.name).collect()
    }

    /// The one of this name, if it leads.
    pub(super) fn named(&self, name: &str) -> Option<&Leader<'r>> {
        self.leaders.iter().find(|leader| leader.name == name)
    }
}

/// What counted as one piece of evidence when the layout was compared; where it was not, what the
/// plan says of processes.
fn unit(view: &View<'_>, member: &Member<'_, '_>) -> Unit {
    let planned = &view.run.environment.plan["processes"];
    match member.batch.comparisons.first() {
        Some(row) => unit_named(&row.unit),
        None if planned.as_u64().is_some_and(|processes| processes > 1) => Unit::Processes,
        None => Unit::Rounds,
    }
}

/// The typical gross change of one backend's time against another's.
fn change(member: &Member<'_, '_>, backend: &str, reference: &str, unit: Unit) -> Option<Change> {
    let paired = member.batch.paired(backend, reference);
    let rounds = Rounds {
        values: &paired.values,
        reference: &paired.reference,
        baseline: &[],
        processes: &paired.processes,
        cycle: balanced_after(member.batch.participants()),
    };
    compare_rounds(&rounds, unit)?.gross
}
