//! What the machine is called: nothing that a record should tell, so that it can be looked for.

/// Its name in the network; `None` where the system does not tell.
#[cfg(unix)]
pub fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    (!name.is_empty()).then_some(name)
}

/// Its name in the network; `None` where the system does not tell.
#[cfg(not(unix))]
pub fn host_name() -> Option<String> {
    None
}
