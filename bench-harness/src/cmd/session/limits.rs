//! What ended each batch size, in words.

use std::fmt::Write as _;

use super::words::{are_several, place};
use crate::record::{BatchEnd, Limit, Stopping};

/// One sentence a batch size whose number of rounds was not given beforehand.
pub(super) fn in_words(stopping: &Stopping) -> Vec<String> {
    let processes = stopping.process_ends.len();
    let several = are_several(stopping.batches.iter().map(BatchEnd::configuration));
    let of = |end: &BatchEnd| {
        format!("{}: {}", place(&end.configuration(), several), sentence(end, processes))
    };
    stopping.batches.iter().map(of).collect()
}

/// What ended it, and how precise it is then; `processes` is 0 where the rounds of one process are the evidence.
fn sentence(end: &BatchEnd, processes: usize) -> String {
    let reached = end.half_width_pct.zip(end.wanted_half_width_pct);
    let reached = reached.is_some_and(|(width, wanted)| width <= wanted);
    let mut said = match (end.limit, end.wanted_half_width_pct) {
        (Limit::Precision, _) if reached => "precise enough",
        (Limit::Precision, _) if processes > 0 => {
            "each process was precise enough, all together are not"
        }
        // Only a look at a width that had passed ends rounds so.
        (Limit::Precision, _) => {
            "precise enough at a look, then it widened while that was confirmed"
        }
        (Limit::Rounds, Some(_)) if reached => "precise enough when the rounds were done",
        (Limit::Time, Some(_)) if reached => "precise enough when the time was spent",
        (Limit::Time, Some(_)) => "the time was spent before it was precise enough",
        (Limit::Time, None) => "the time was spent",
        (Limit::Rounds, _) => "the rounds were done",
    }
    .to_owned();
    // Writing to a string does not fail.
    let _ = write!(said, ", after {} rounds in {}", end.rounds, seconds(end.elapsed_s));
    match (end.half_width_pct, end.wanted_half_width_pct) {
        (Some(width), Some(wanted)) => {
            let _ = write!(said, ": ±{} % of ±{wanted} % wanted", digits(width));
        }
        (Some(width), None) => {
            let _ = write!(said, ": ±{} %", digits(width));
        }
        (None, Some(_)) => said += "; there is no interval that could be precise",
        (None, None) => {}
    }
    if let Some(processes) = end.more_processes {
        let _ = write!(said, "; that would take about {processes} more processes");
    } else if let Some(rounds) = end.more_rounds {
        let _ = write!(said, "; that would take about {rounds} more rounds");
    }
    let missing = end.half_width_pct.is_some() && end.wanted_half_width_pct.is_some() && !reached;
    if missing && end.more_processes.is_none() && end.more_rounds.is_none() {
        said += ", which is out of reach";
    }
    if let Some(more_s) = end.more_s {
        let _ = write!(said, ", {}", seconds(more_s));
    }
    said
}

/// Two significant digits: a width is known no better.
fn digits(width: f64) -> String {
    let places = (1.0 - width.max(1e-9).log10().floor()).clamp(0.0, 9.0);
    // Between 0 and 9.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let places = places as usize;
    format!("{width:.places$}")
}

fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7_200.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.0} h", s / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::{in_words, sentence};
    use crate::record::{BatchEnd, Limit, Stopping};

    fn end() -> BatchEnd {
        BatchEnd {
            layout: "mine".to_owned(),
            workload: "uniform".to_owned(),
            mode: "trace".to_owned(),
            target: "page".to_owned(),
            lookups: 22_000,
            limit: Limit::Time,
            rounds: 90,
            elapsed_s: 1.04,
            half_width_pct: Some(0.8371),
            wanted_half_width_pct: Some(0.5),
            more_rounds: Some(163),
            more_processes: None,
            more_s: Some(1.884),
        }
    }

    #[test]
    fn what_ended_it_what_was_reached_and_what_is_missing() {
        assert_eq!(
            sentence(&end(), 0),
            "the time was spent before it was precise enough, after 90 rounds in \
             1.0 s: ±0.84 % of ±0.5 % wanted; that would take about 163 more rounds, 1.9 s"
        );
        let processes =
            BatchEnd { more_rounds: None, more_processes: Some(3), more_s: Some(200.0), ..end() };
        assert!(sentence(&processes, 2).ends_with("about 3 more processes, 3 min"));
        let reached = BatchEnd {
            limit: Limit::Precision,
            half_width_pct: Some(0.04371),
            more_rounds: None,
            more_s: None,
            ..end()
        };
        assert_eq!(
            sentence(&reached, 0),
            "precise enough, after 90 rounds in 1.0 s: ±0.044 % of ±0.5 % wanted"
        );
        let timed =
            BatchEnd { wanted_half_width_pct: None, more_rounds: None, more_s: None, ..end() };
        assert!(
            sentence(&timed, 0)
                .starts_with("the time was spent, after 90 rounds in 1.0 s: ±0.84 %")
        );
        let none = BatchEnd { half_width_pct: None, more_rounds: None, more_s: None, ..end() };
        assert!(sentence(&none, 0).ends_with("there is no interval that could be precise"));
    }

    #[test]
    fn precise_enough_is_said_only_of_what_is() {
        let widened = BatchEnd { limit: Limit::Precision, ..end() };
        assert_eq!(
            sentence(&widened, 0),
            "precise enough at a look, then it widened while that was \
             confirmed, after 90 rounds in 1.0 s: ±0.84 % of ±0.5 % wanted; that would take about \
             163 more rounds, 1.9 s"
        );
        let apart = BatchEnd { more_rounds: None, more_processes: Some(30), ..widened };
        assert!(
            sentence(&apart, 2)
                .starts_with("each process was precise enough, all together are not, after"),
            "{}",
            sentence(&apart, 2)
        );
        let rounds = BatchEnd { limit: Limit::Rounds, ..end() };
        assert!(sentence(&rounds, 0).starts_with("the rounds were done, after"));
        let reached = BatchEnd { half_width_pct: Some(0.5), more_rounds: None, ..rounds };
        assert!(sentence(&reached, 0).contains("precise enough when the rounds were done"));
    }

    #[test]
    fn the_processes_of_a_run_are_what_says_which() {
        let batches = vec![BatchEnd { limit: Limit::Precision, ..end() }];
        let one = Stopping { process_ends: Vec::new(), batches: batches.clone() };
        assert!(in_words(&one)[0].contains("at a look"));
        let two = Stopping { process_ends: vec![270, 540], batches };
        assert!(in_words(&two)[0].contains("each process"));
        assert!(in_words(&two)[0].starts_with("mine, 22000 lookups: each"));
        let chain = BatchEnd { mode: "chain".to_owned(), ..end() };
        let both = Stopping { process_ends: Vec::new(), batches: vec![end(), chain] };
        let said = in_words(&both);
        assert!(said[0].starts_with("mine, uniform, trace, page, 22000 lookups: "), "{said:?}");
        assert!(said[1].starts_with("mine, uniform, chain, page, 22000 lookups: "), "{said:?}");
    }
}
