//! What is noted in a run's environment on its way, of each of its parts: where it was measured, what
//! others did, and what is worth a warning. Only the folder uses this.

use crate::machine::Disturbance;
use crate::record::{Environment, UNKNOWN};

/// What is recorded of what others did.
pub(in crate::cmd) fn disturbance_of(environment: &Environment) -> Disturbance {
    Disturbance {
        steal_share: environment.steal_share,
        other_cores_busy_share: environment.other_cores_busy_share,
        own_core_others_share: environment.own_core_others_share,
        involuntary_switches: environment.involuntary_switches,
        ..Disturbance::default()
    }
}

/// Adds warnings that are not there yet.
pub(in crate::cmd) fn warn(
    environment: &mut Environment,
    warnings: impl IntoIterator<Item = String>,
) {
    for warning in warnings {
        if !environment.warnings.contains(&warning) {
            environment.warnings.push(warning);
        }
    }
}

/// The first place known is where the run was measured; another one, where `who` was, is worth a warning, once
/// each.
pub(in crate::cmd) fn note_pinned(environment: &mut Environment, pinned: String, who: &str) {
    let first = environment.pinned.clone();
    let known = format!("`{pinned}`: cores may differ in speed and in what else runs there.");
    if first == UNKNOWN {
        environment.pinned = pinned;
    } else if first != pinned && !environment.warnings.iter().any(|said| said.ends_with(&known)) {
        warn(environment, [format!("the run began on `{first}`, and {who} ran on {known}")]);
    }
}

#[cfg(test)]
mod tests {
    use super::{disturbance_of, note_pinned, warn};
    use crate::machine::Disturbance;
    use crate::record::Environment;

    #[test]
    fn what_disturbed_the_part_before_a_resume_stays_on_record() {
        let mut environment = Environment::blank();
        let before = Disturbance {
            steal_share: Some(0.2),
            own_core_others_share: Some(0.01),
            involuntary_switches: Some(300),
            wall_s: 1.0,
            ..Disturbance::default()
        };
        before.note_in(&mut environment);
        let after = Disturbance {
            own_core_others_share: Some(0.4),
            involuntary_switches: Some(3),
            wall_s: 1.0,
            ..Disturbance::default()
        };
        after.worse(disturbance_of(&environment)).note_in(&mut environment);
        assert_eq!(environment.steal_share, Some(0.2));
        assert_eq!(environment.own_core_others_share, Some(0.4));
        assert_eq!(environment.involuntary_switches, Some(300));
    }

    #[test]
    fn the_first_core_that_is_known_counts_and_another_is_warned_about_once() {
        let mut environment = Environment::blank();
        for (core, process) in [("core 1", 1), ("core 1", 2)] {
            note_pinned(&mut environment, core.to_owned(), &format!("process {process}"));
        }
        assert_eq!((environment.pinned.as_str(), environment.warnings.len()), ("core 1", 0));
        for process in [3, 4] {
            note_pinned(&mut environment, "core 0".to_owned(), &format!("process {process}"));
        }
        assert_eq!(environment.warnings.len(), 1);
        let said = &environment.warnings[0];
        assert!(
            said.starts_with("the run began on `core 1`, and process 3 ran on `core 0`"),
            "{said}"
        );
        assert_eq!(environment.pinned, "core 1");
    }

    #[test]
    fn nothing_is_warned_about_twice() {
        let mut environment = Environment::blank();
        warn(&mut environment, ["a".to_owned(), "b".to_owned(), "a".to_owned()]);
        assert_eq!(environment.warnings, ["a", "b"]);
    }
}
