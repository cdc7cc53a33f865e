//! A program at work on another core, for as long as this one lives.

use std::hint::black_box;
use std::io::Read;
use std::process::{Child, Command, Stdio};

use anyhow::Context;

use crate::cmd::Failure;
use crate::machine;

/// Bytes that the busy program sweeps over: more than a second-level cache, so that it competes for what the
/// cores share, not only for the clock.
const SWEPT: usize = 8 << 20;

/// A busy program, ended when this is dropped.
pub(super) struct Load(Child);

impl Load {
    /// Starts it.
    ///
    /// # Errors
    /// This program cannot be started a second time.
    pub(super) fn start() -> Result<Self, Failure> {
        let program = std::env::current_exe().context("--with-load").map_err(Failure::running)?;
        let child = Command::new(program)
            .arg("busy")
            // Closes when this process ends, however it ends; then the other ends too.
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("--with-load: the busy program cannot be started")
            .map_err(Failure::running)?;
        Ok(Self(child))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The busy program itself: works on a core that is not the one measured on until standard input
/// ends.
pub(in crate::cmd) fn busy() -> Result<(), Failure> {
    machine::pin_away_from_last_core().context("busy").map_err(Failure::running)?;
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let mut swept = vec![1_u64; SWEPT / size_of::<u64>()];
    loop {
        for word in &mut swept {
            *word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        }
        black_box(&mut swept);
    }
}
