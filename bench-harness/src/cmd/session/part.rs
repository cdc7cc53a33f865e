//! One layout of a run: what is asked of it, and in which batch sizes.

use std::sync::Arc;

use physseg::FrameRange;
use serde_json::{Value, json};

use super::question::{Planned, Question};
use super::rounds::Rounds;
use super::steps;
use crate::cmd::Failure;
use crate::layout::Layout;
use crate::machine;
use crate::measure::{Target, displaced_bytes};
use crate::registry::ArrayCapacity;
use crate::workload::Present;

/// One layout of a run.
#[derive(Debug)]
pub(in crate::cmd) struct Part {
    pub layout: Layout,
    /// What remains of the layout in the end.
    pub segments: Arc<Vec<FrameRange>>,
    /// The same, as workloads draw from it.
    pub present: Present,
    pub array_capacity: ArrayCapacity,
    /// What is asked, in the order in which it is measured.
    pub questions: Vec<Question>,
    /// Batches: question by question, of each in ascending order, each number once.
    pub batches: Vec<Planned>,
    /// Questions with a batch whose number of lookups the timer decides. Once it has, it stands among
    /// the others.
    pub auto: Vec<(Question, Rounds)>,
    /// Bytes that other work goes through in mode `cold`.
    pub(super) displaced_bytes: usize,
}

impl Part {
    /// A layout of a run, checked, of which nothing is asked yet.
    ///
    /// # Errors
    /// What is wrong with the layout.
    pub(in crate::cmd) fn new(
        layout: Layout,
        array_capacity: ArrayCapacity,
    ) -> Result<Self, Failure> {
        let segments = Arc::new(layout.final_segments().map_err(Failure::input)?);
        let present = Present::new(Arc::clone(&segments), layout.lookups.range);
        Ok(Self {
            layout,
            segments,
            present,
            array_capacity,
            questions: Vec::new(),
            batches: Vec::new(),
            auto: Vec::new(),
            displaced_bytes: displaced_bytes(machine::level2_bytes()),
        })
    }

    /// The same with more batches.
    pub(in crate::cmd) fn with(mut self, batches: impl IntoIterator<Item = Planned>) -> Self {
        for planned in batches {
            self.add(planned);
        }
        self
    }

    /// The same with one more batch, of as many lookups as suit the timer.
    pub(in crate::cmd) fn with_auto(mut self, question: Question, rounds: Rounds) -> Self {
        self.ask(question);
        self.auto.push((question, rounds));
        self
    }

    /// Settles how many lookups of a question suit the timer; a batch of just as many is not measured
    /// twice.
    pub(in crate::cmd) fn settle(&mut self, question: Question, lookups: u64) {
        let Some(at) = self.auto.iter().position(|(of, _)| *of == question) else { return };
        let (_, rounds) = self.auto.remove(at);
        let same =
            |planned: &&mut Planned| planned.question == question && planned.lookups == lookups;
        match self.batches.iter_mut().find(same) {
            Some(planned) => planned.auto = true,
            None => self.add(Planned { question, lookups, rounds, auto: true }),
        }
    }

    /// For what the tables are asked.
    pub(in crate::cmd) fn targets(&self) -> Vec<Target> {
        let mut targets = Vec::new();
        for question in &self.questions {
            if !targets.contains(&question.target) {
                targets.push(question.target);
            }
        }
        targets
    }

    fn ask(&mut self, question: Question) {
        if !self.questions.contains(&question) {
            self.questions.push(question);
        }
    }

    fn add(&mut self, planned: Planned) {
        self.ask(planned.question);
        self.batches.push(planned);
        let questions = &self.questions;
        let place = |of: &Question| questions.iter().position(|question| question == of);
        self.batches.sort_by_key(|planned| (place(&planned.question), planned.lookups));
    }
}

impl Part {
    /// `several` says whether batches have to say which question they are of.
    pub(super) fn to_json(&self, several: bool) -> Value {
        let range = self.layout.lookups.range;
        let frames: u64 = self.segments.iter().map(|segment| segment.frames()).sum();
        let batches: Vec<Value> = self
            .batches
            .iter()
            .map(|planned| {
                let mut batch = planned.rounds.to_json();
                batch["lookups"] = json!(planned.lookups);
                if planned.auto {
                    batch["auto"] = json!(true);
                }
                if several {
                    let names = planned.question.names();
                    for (key, name) in ["workload", "mode", "target"].into_iter().zip(names) {
                        batch[key] = json!(name);
                    }
                }
                batch
            })
            .collect();
        let mut part = json!({
            "name": self.layout.name,
            "segments": self.segments.len(),
            "frames": frames,
            "digest": steps::digest(&self.layout, &self.segments),
            "lookups_start": range.start().get(),
            "lookups_end": range.end().get(),
            "fold_below": self.layout.lookups.fold_below.map(physseg::Pfn::get),
            "page_size": self.layout.page_size.bytes(),
            "physseg_max": self.layout.physseg_max,
            "array_capacity": match self.array_capacity {
                ArrayCapacity::OfLayout => json!(self.layout.physseg_max),
                ArrayCapacity::Segments(capacity) => json!(capacity),
                ArrayCapacity::Unlimited => json!("unlimited"),
            },
            "batches": batches,
        });
        if let Some(steps) = steps::recorded(&self.layout) {
            part["steps"] = steps;
        }
        part
    }
}
