//! Who else was at work while something was measured.
//!
//! Load averages lag by a minute and count nothing precisely; this compares what every core did
//! before and after. Whoever measures starts a [`Watch`] on the measuring thread, measures, and asks
//! the same thread for the [`Disturbance`]. Both ends cost some 50 us on a small machine.

mod disturbance;
mod reading;

pub use disturbance::Disturbance;
#[cfg(target_os = "linux")]
pub(in crate::machine) use reading::CoreTicks;

use std::time::Instant;

use reading::Reading;

/// A watch under way.
#[derive(Debug)]
pub struct Watch {
    core: Option<u32>,
    siblings: Option<Vec<u32>>,
    before: Reading,
    start: Instant,
}

impl Watch {
    /// Begins to watch, on the thread that will measure. `core` is the one it is pinned to; without,
    /// what others did cannot be told apart by core.
    pub fn start(core: Option<u32>) -> Self {
        let siblings = core.and_then(super::siblings);
        let before = Reading::now();
        Self { core, siblings, before, start: Instant::now() }
    }

    /// What disturbed since.
    ///
    /// Call it on the thread that started the watch. Processes that this one has started count as
    /// others.
    pub fn finish(self) -> Disturbance {
        let wall_s = self.start.elapsed().as_secs_f64();
        let after = Reading::now();
        let siblings = self.siblings.as_deref().unwrap_or_default();
        reading::between(&self.before, &after, self.core, siblings, wall_s)
    }
}

#[cfg(test)]
mod tests {
    use super::Watch;

    #[test]
    fn a_watch_says_how_long_it_was_and_nothing_of_a_moment() {
        let seen = Watch::start(None).finish();
        assert!(seen.wall_s >= 0.0);
        assert_eq!((seen.steal_share, seen.other_cores_busy_share), (None, None));
        assert_eq!(seen.own_core_others_share, None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells_what_others_did_on_every_core() {
        let seen = Watch::start(Some(0));
        std::thread::sleep(std::time::Duration::from_millis(150));
        let seen = seen.finish();
        let cores = std::thread::available_parallelism().unwrap().get() as f64;
        // Where containers hide it there is nothing; where not, it is a share.
        for share in [seen.steal_share, seen.own_core_others_share] {
            assert!(share.is_none_or(|share| (0.0..=1.0).contains(&share)), "{seen:?}");
        }
        let others = seen.other_cores_busy_share;
        assert!(others.is_none_or(|others| (0.0..=4.0 * cores).contains(&others)), "{seen:?}");
        assert!(seen.involuntary_switches.is_some(), "{seen:?}");
    }
}
