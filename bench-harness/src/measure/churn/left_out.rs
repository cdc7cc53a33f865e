//! A participant that is not touched: a backend that failed before, in its place among the others.

use std::ops::Range;

use physseg::backend::Capabilities;

use super::{Churn, Occupied, Stopped, Work};

/// Takes part in nothing, for the reason that it holds.
#[derive(Debug)]
pub struct LeftOut(pub String);

impl Churn for LeftOut {
    fn capabilities(&self) -> Option<Capabilities> {
        None
    }

    fn missing(&self) -> Option<&str> {
        Some(&self.0)
    }

    fn begin(&mut self, _: &Work) -> Result<(), Stopped> {
        Ok(())
    }

    fn prepare(&mut self, _: &Work, _: Range<usize>) -> Result<u64, Stopped> {
        Ok(0)
    }

    fn run(&mut self, _: &Work, _: Range<usize>) -> Result<u64, Stopped> {
        Ok(0)
    }

    fn verify(&self, _: &Work) -> Result<(), String> {
        Err(self.0.clone())
    }

    fn occupied(&self) -> Option<Occupied> {
        None
    }

    fn end(&mut self) {}
}
