//! `plugin new`: a folder to begin a backend in, with all that it takes to build and check it.

use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::cmd::{Failure, print};
use crate::record::write_atomically;

/// The files of the skeleton, and the interface beside them.
const FILES: [(&str, &str); 4] = [
    ("physseg_backend.h", include_str!("../../../plugin/include/physseg_backend.h")),
    ("backend.c", include_str!("../../../plugin/skeleton/backend.c")),
    ("Makefile", include_str!("../../../plugin/skeleton/Makefile")),
    ("README.md", include_str!("../../../plugin/skeleton/README.md")),
];

/// Makes `folder`, which must not be there or be empty, and writes the files.
///
/// # Errors
/// There is something in it, or it cannot be written to; what was written is gone again.
pub(super) fn new(folder: &Path) -> Result<(), Failure> {
    let shown = folder.display().to_string().escape_debug().to_string();
    let is_new = !folder.exists();
    if !is_new
        && !is_empty(folder)
            .with_context(|| format!("plugin new {shown}"))
            .map_err(Failure::input)?
    {
        return Err(Failure::input(anyhow!(
            "plugin new {shown}: there is something in it already; name a new or an empty directory"
        )));
    }
    fs::create_dir_all(folder)
        .with_context(|| format!("plugin new {shown}: the directory cannot be made"))
        .map_err(Failure::input)?;
    for (done, (name, text)) in FILES.iter().enumerate() {
        if let Err(error) = write_atomically(&folder.join(name), text.as_bytes()) {
            for (name, _) in &FILES[..done] {
                let _ = fs::remove_file(folder.join(name));
            }
            if is_new {
                let _ = fs::remove_dir(folder);
            }
            return Err(Failure::input(anyhow!("plugin new {shown}: {error}")));
        }
    }
    let library = format!("libmine.{}", if cfg!(target_os = "macos") { "dylib" } else { "so" });
    print(format!(
        "{shown}: a backend that works; physseg_backend.h says what it has to do\n\n\
         cd {shown} && make\n\
         bench-harness plugin check ./{library}\n\
         bench-harness compare --backends array,rbtree,plugin:./{library}\n"
    ))
}

/// Whether nothing is in the directory.
fn is_empty(folder: &Path) -> std::io::Result<bool> {
    Ok(fs::read_dir(folder)?.next().is_none())
}
